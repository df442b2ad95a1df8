namespace P2PCam.Tests.Signaling;

public class InMemorySignalingTests
{
    private readonly InMemorySignaling _signaling = new();

    [Fact]
    public async Task Viewer_WithoutBroadcaster_IsWelcomedAndToldThatTheCameraIsOffline()
    {
        await using var viewer = await JoinAsync(SignalingRole.Viewer);

        Assert.IsType<WelcomeMessage>(await viewer.NextAsync());
        Assert.Equal(new CameraStateMessage(CameraState.Offline), await viewer.NextAsync());
    }

    [Fact]
    public async Task Messages_GoFromViewerToBroadcasterAndBackInOrder()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync();
        var peer = Assert.IsType<PeerJoinedMessage>(await broadcaster.NextAsync()).Peer;
        await viewer.NextAsync();

        await viewer.Transport.SendAsync(new OfferMessage("offer"));
        await viewer.Transport.SendAsync(new CandidateMessage("one"));
        await viewer.Transport.SendAsync(new CandidateMessage("two"));

        Assert.Equal(new OfferMessage("offer") { Peer = peer }, await broadcaster.NextAsync());
        Assert.Equal(new CandidateMessage("one") { Peer = peer }, await broadcaster.NextAsync());
        Assert.Equal(new CandidateMessage("two") { Peer = peer }, await broadcaster.NextAsync());

        await broadcaster.Transport.SendAsync(new AnswerMessage("answer") { Peer = peer });
        Assert.Equal(new AnswerMessage("answer"), await viewer.NextAsync());
    }

    [Fact]
    public async Task Answer_ReachesOnlyTheViewerItNames()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var first = await JoinAsync(SignalingRole.Viewer);
        await using var second = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync();
        var firstPeer = (await broadcaster.NextAsync()).Peer;
        await first.NextAsync();
        await second.NextAsync();

        await broadcaster.Transport.SendAsync(new AnswerMessage("for the first") { Peer = firstPeer });
        await broadcaster.Transport.SendAsync(new CameraStateMessage(CameraState.Live));

        Assert.Equal(new AnswerMessage("for the first"), await first.NextAsync());
        Assert.Equal(new CameraStateMessage(CameraState.Live), await second.NextAsync());
    }

    public static TheoryData<SignalingMessage> BroadcasterMessages => new()
    {
        new AnswerMessage("x"),
        new CameraStateMessage(CameraState.Offline),
        new WelcomeMessage("x"),
        new PeerLeftMessage(),
        new PeerJoinedMessage(),
        new HelloMessage("other", SignalingRole.Broadcaster),
    };

    [Theory]
    [MemberData(nameof(BroadcasterMessages))]
    public async Task Viewer_SendingWhatOnlyABroadcasterMay_IsRefused(SignalingMessage message)
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        await viewer.NextAsync();
        await broadcaster.NextAsync();
        await broadcaster.NextAsync();

        await viewer.Transport.SendAsync(message);
        await viewer.Transport.SendAsync(new ByeMessage());

        Assert.Equal("P2P2005", Assert.IsType<ErrorMessage>(await viewer.NextAsync()).Code);
        Assert.IsType<ByeMessage>(await broadcaster.NextAsync());
    }

    [Fact]
    public async Task Viewer_NamingAnotherPeer_IsHeardAsItself()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync();
        var peer = (await broadcaster.NextAsync()).Peer;

        await viewer.Transport.SendAsync(new ByeMessage { Peer = "somebody else" });

        Assert.Equal(peer, (await broadcaster.NextAsync()).Peer);
    }

    [Fact]
    public async Task SecondBroadcaster_IsRefusedByCode()
    {
        await using var first = await JoinAsync(SignalingRole.Broadcaster);
        await using var second = _signaling.CreateTransport();

        var error = await Assert.ThrowsAsync<SignalingException>(() => second.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster)));
        Assert.Equal("P2P2003", error.Code);
    }

    [Fact]
    public async Task Broadcaster_Leaving_TellsViewersAndFreesTheStream()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        await viewer.NextAsync();

        await broadcaster.DisposeAsync();

        Assert.Equal(new CameraStateMessage(CameraState.Offline) { Unheard = true }, await viewer.NextAsync());
        await using var next = await JoinAsync(SignalingRole.Broadcaster);
        Assert.IsType<WelcomeMessage>(await next.NextAsync());
        Assert.IsType<PeerJoinedMessage>(await next.NextAsync());
    }

    [Fact]
    public async Task Viewer_Leaving_IsReportedToTheBroadcaster()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var viewer = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync();
        var peer = (await broadcaster.NextAsync()).Peer;

        await viewer.DisposeAsync();

        Assert.Equal(new PeerLeftMessage { Peer = peer }, await broadcaster.NextAsync());
    }

    [Fact]
    public async Task ViewerThatReadsNothing_IsCutOffAndNobodyElseNotices()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var stalled = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync();
        var peer = (await broadcaster.NextAsync()).Peer;
        var left = broadcaster.NextAsync();
        while (!left.IsCompleted)
        {
            await broadcaster.Transport.SendAsync(new CameraStateMessage(CameraState.Live));
        }

        Assert.Equal(new PeerLeftMessage { Peer = peer }, await left);
        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        Assert.IsType<WelcomeMessage>(await viewer.NextAsync());
        SignalingMessage last;
        do
        {
            last = await stalled.NextAsync();
        }
        while (last is WelcomeMessage { PeerId: var id } ? id == peer : last is CameraStateMessage);

        // It is told why, unless it came back so late that it was joined anew.
        Assert.True(last is ErrorMessage { Code: "P2P2007" } or WelcomeMessage, last.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("../up")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Connect_ImpossibleStreamName_IsRefusedByCode(string stream)
    {
        await using var transport = _signaling.CreateTransport();

        var error = await Assert.ThrowsAsync<SignalingException>(() => transport.ConnectAsync(new SignalingJoin(stream, SignalingRole.Viewer)));
        Assert.Equal("P2P2004", error.Code);
    }

    [Fact]
    public async Task Send_BeforeConnect_SaysWhatToDo()
    {
        await using var transport = _signaling.CreateTransport();

        var error = await Assert.ThrowsAsync<SignalingException>(() => transport.SendAsync(new ByeMessage()).AsTask());
        Assert.Contains("ConnectAsync", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<HelloMessage, SignalingException?>> Refusals => new()
    {
        { "P2P9001", _ => new SignalingException("P2P9001", "Not at this hour.") },
        { "P2P9002", _ => throw new SignalingException("P2P9002", "Not at this hour.") },
        { "P2P3110", _ => throw new InvalidOperationException("a secret") },
        { "P2P9003", hello => hello is { Role: SignalingRole.Viewer, Stream: "default", Token: "wrong" } ? new SignalingException("P2P9003", "Wrong token.") : null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Authorize_Refuses_InTheProtocol_ByCodeAndWords(string code, Func<HelloMessage, SignalingException?> authorize)
    {
        _signaling.Authorize = authorize;
        var (client, server) = InMemoryLink.CreatePair();
        var serving = _signaling.ServeAsync(server, "test");

        await client.SendAsync(SignalingJson.Serialize(new HelloMessage("default", SignalingRole.Viewer, Token: "wrong")), CancellationToken.None);
        var json = await client.ReceiveAsync(CancellationToken.None);
        Assert.True(SignalingJson.TryParse(json!.Value.Span, out var message, out _));
        var error = Assert.IsType<ErrorMessage>(message);
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain("secret", error.Message);

        await client.DisposeAsync();
        await serving;
    }

    private async Task<Participant> JoinAsync(SignalingRole role)
    {
        var transport = _signaling.CreateTransport();
        await transport.ConnectAsync(new SignalingJoin("default", role));
        return new Participant(transport);
    }

    private sealed class Participant(ISignalingTransport transport) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SignalingMessage> _messages = transport.ReadAllAsync().GetAsyncEnumerator();

        public ISignalingTransport Transport { get; } = transport;

        public async Task<SignalingMessage> NextAsync()
        {
            Assert.True(await _messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)), "The messages ended.");
            return _messages.Current;
        }

        public ValueTask DisposeAsync() => Transport.DisposeAsync();
    }
}
