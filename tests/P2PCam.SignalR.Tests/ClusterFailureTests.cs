using P2PCam.SignalingConformance;
using P2PCam.TestKit.Processes;
using Rendezvous;
using StackExchange.Redis;

namespace P2PCam.SignalR.Tests;

/// <summary>What becomes of a room whose keeper is gone: its participants join anew, by themselves, and go on.</summary>
public sealed class ClusterFailureTests(RedisProcess redis) : IClassFixture<RedisProcess>
{
    [RedisFact]
    public async Task KeepingInstanceKilled_ParticipantsOfTheOther_JoinAnewThere()
    {
        var stream = "killed-" + Guid.NewGuid().ToString("N");
        await using var keeper = Start();
        await using var other = Start();
        var (keeperPort, otherPort) = (await ReadPortAsync(keeper), await ReadPortAsync(other));
        await using var first = await JoinAsync(keeperPort, stream, SignalingRole.Viewer);
        await using var broadcaster = await JoinAsync(otherPort, stream, SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(otherPort, stream, SignalingRole.Viewer);
        await viewer.SendAsync(new OfferMessage("before"));
        Assert.Equal("before", (await broadcaster.FindAsync<OfferMessage>()).Sdp);

        keeper.Kill();

        await AssertMeetAnewAsync(broadcaster, viewer);
    }

    [RedisFact]
    public async Task LeaseTakenByAnother_ParticipantsJoinAnewAtTheOther()
    {
        var prefix = Guid.NewGuid().ToString("N");
        await using var host = new Instances();
        await host.AddAsync(services => services.AddRedis(redis.Address, prefix));
        await host.AddAsync(services => services.AddRedis(redis.Address, prefix));
        await using var broadcaster = await JoinAsync(host.Addresses[0].Port, "default", SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(host.Addresses[0].Port, "default", SignalingRole.Viewer);
        await using var elsewhere = await JoinAsync(host.Addresses[1].Port, "elsewhere", SignalingRole.Viewer);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        var database = connection.GetDatabase();
        var taker = await database.StringGetAsync($"{prefix}:room:elsewhere");
        Assert.NotEqual(taker, await database.StringGetAsync($"{prefix}:room:default"));

        await database.StringSetAsync($"{prefix}:room:default", taker, TimeSpan.FromSeconds(10));

        await AssertMeetAnewAsync(broadcaster, viewer);
        Assert.Equal(taker, await database.StringGetAsync($"{prefix}:room:default"));
    }

    private static async Task AssertMeetAnewAsync(Participant broadcaster, Participant viewer)
    {
        var (before, viewerBefore) = (broadcaster.Id, viewer.Id);
        await broadcaster.FindAsync<WelcomeMessage>();
        await viewer.FindAsync<WelcomeMessage>();
        Assert.NotEqual(before, broadcaster.Id);
        Assert.NotEqual(viewerBefore, viewer.Id);
        while ((await broadcaster.FindAsync<PeerJoinedMessage>()).Peer != viewer.Id)
        {
            // Whoever else came back.
        }

        await viewer.SendAsync(new OfferMessage("after"));
        Assert.Equal(new OfferMessage("after") { Peer = viewer.Id }, await broadcaster.FindAsync<OfferMessage>());
        await broadcaster.SendAsync(new AnswerMessage("answered") { Peer = viewer.Id });
        Assert.Equal("answered", (await viewer.FindAsync<AnswerMessage>()).Sdp);
    }

    private static async Task<Participant> JoinAsync(int port, string stream, SignalingRole role)
    {
        var transport = new WebSocketSignalingTransport(new Uri($"ws://127.0.0.1:{port}/signal"));
        await transport.ConnectAsync(new SignalingJoin(stream, role));
        var participant = new Participant(transport);
        await participant.NextAsync<WelcomeMessage>();
        return participant;
    }

    private ChildProcess Start() => RendezvousProgramTests.Start("--port", "0", "--redis", redis.Address);

    private static Task<int> ReadPortAsync(ChildProcess server) => RendezvousProgramTests.ReadPortAsync(server);

    private sealed class Instances() : KestrelTestHost(byHub: false)
    {
        public Task AddAsync(Action<Microsoft.Extensions.DependencyInjection.IServiceCollection> configure) => AddInstanceAsync(new SignalingTestSettings(), configure);
    }
}
