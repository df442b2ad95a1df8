using System.Reflection;
using System.Text.Json.Serialization;

namespace P2PCam.AspNetCore.Tests.Security;

/// <summary>Role × message: what a viewer may say, to whom it gets, and what it can never do.</summary>
public sealed class RoleMatrixTests : IDisposable
{
    private const string Marker = "MARKER";

    // Every message of the protocol with whether a viewer may send it to the broadcaster.
    private static readonly Dictionary<string, (bool Allowed, string Fields)> Viewer = new()
    {
        ["hello"] = (false, """,  "stream":"default","role":"Broadcaster","version":1"""),
        ["welcome"] = (false, $$""","peerId":"{{Marker}}","version":1"""),
        ["offer"] = (true, $$""","sdp":"{{Marker}}" """),
        ["answer"] = (false, $$""","sdp":"{{Marker}}" """),
        ["candidate"] = (true, $$""","candidate":"{{Marker}}" """),
        ["end-of-candidates"] = (true, ""),
        ["restart"] = (true, ""),
        ["camera"] = (false, $$""","state":"Offline","description":"{{Marker}}" """),
        ["peer-joined"] = (false, $$""","transport":"{{Marker}}" """),
        ["peer-left"] = (false, ""),
        ["bye"] = (true, $$""","reason":"{{Marker}}" """),
        ["error"] = (false, $$""","code":"{{Marker}}","message":"{{Marker}}" """),
    };

    // Confirms receipt on its own connection and goes to nobody.
    private static readonly string[] OfTheConnectionOnly = ["ack"];

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));

    public static TheoryData<string> Types =>
        [.. typeof(SignalingMessage).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => (string)attribute.TypeDiscriminator!).Except(OfTheConnectionOnly)];

    public void Dispose() => _limit.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Viewer_SendsEachMessage_ReachesTheBroadcasterInItsOwnNameOrNobody(string type)
    {
        Assert.True(Viewer.TryGetValue(type, out var rule), $"'{type}' is new: say here whether a viewer may send it.");
        await using var host = await LoopbackHost.StartAsync(options => options.AllowBroadcasters = true);
        await using var camera = host.Hub.CreateTransport();
        await camera.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        await using var heard = camera.ReadAllAsync(_limit.Token).GetAsyncEnumerator();
        using var victim = await RawViewer.JoinAsync(host);
        var victimId = (await NextAsync<PeerJoinedMessage>(heard)).Peer!;
        using var attacker = await RawViewer.JoinAsync(host);
        var ownId = (await NextAsync<PeerJoinedMessage>(heard)).Peer!;

        // In another's name, too.
        await attacker.SendAsync($$"""{"type":"{{type}}","peer":"{{victimId}}"{{rule.Fields}}}""");
        if (rule.Allowed)
        {
            Assert.True(await heard.MoveNextAsync());
            Assert.Equal(ownId, heard.Current.Peer);
        }
        else
        {
            if (type != "error")
            {
                // An error is not answered by another: two sides could go on like that for ever.
                Assert.StartsWith("""{"type":"error","code":"P2P2005",""", await attacker.ReadAsync());
            }

            await attacker.SendAsync("""{"type":"offer","sdp":"next"}""");
            Assert.True(await heard.MoveNextAsync());
            Assert.Equal((ownId, "next"), (heard.Current.Peer, Assert.IsType<OfferMessage>(heard.Current).Sdp));
        }

        // Nothing of it reached the other viewer: what it hears next is what the camera says next.
        await camera.SendAsync(new CameraStateMessage(CameraState.Live, "next"));
        Assert.Equal("""{"type":"camera","state":"Live","description":"next"}""", await victim.ReadAsync());
    }

    [Fact]
    public async Task Viewer_NeverHearsOfOthers_WhoTheyAreOrWhereTheyAre()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var camera = host.Hub.CreateTransport();
        await camera.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        await using var heard = camera.ReadAllAsync(_limit.Token).GetAsyncEnumerator();
        using var first = await RawViewer.JoinAsync(host);
        var firstId = (await NextAsync<PeerJoinedMessage>(heard)).Peer!;
        using var second = await RawViewer.JoinAsync(host);
        var secondId = (await NextAsync<PeerJoinedMessage>(heard)).Peer!;
        await second.SendAsync("""{"type":"offer","sdp":"c=IN IP4 203.0.113.77"}""");
        await second.SendAsync("""{"type":"candidate","candidate":"candidate:1 1 udp 1 203.0.113.77 5000 typ host"}""");
        await NextAsync<CandidateMessage>(heard);
        await camera.SendAsync(new AnswerMessage("v=0") { Peer = secondId });
        await camera.SendAsync(new CandidateMessage("candidate:2 1 udp 1 192.0.2.1 5000 typ host") { Peer = secondId });
        await second.SendAsync("""{"type":"bye"}""");
        await NextAsync<PeerLeftMessage>(heard);
        await camera.SendAsync(new AnswerMessage("for the first") { Peer = firstId });
        Assert.Equal("""{"type":"answer","sdp":"for the first"}""", await first.ReadAsync());
    }

    [Theory]
    [InlineData("\"Broadcaster\"", "P2P3009")]
    [InlineData("1", "P2P3009")]
    [InlineData("2", "P2P3009")]
    [InlineData("\"Viewer, Broadcaster\"", "P2P3009")]
    public async Task HelloInAnotherRole_IsRefused(string role, string code)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = new RawViewer(await host.OpenAsync());
        await viewer.SendAsync($$"""{"type":"hello","stream":"default","role":{{role}},"version":1}""");
        var reply = await viewer.ReadAsync();
        Assert.Matches($"^{{\"type\":\"error\",\"code\":\"({code}|P2P2011)\"", reply);
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<SignalingMessage> messages)
        where T : SignalingMessage
    {
        while (await messages.MoveNextAsync())
        {
            if (messages.Current is T message)
            {
                return message;
            }
        }

        throw new InvalidOperationException($"No {typeof(T).Name} came.");
    }
}
