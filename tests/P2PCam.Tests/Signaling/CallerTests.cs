namespace P2PCam.Tests.Signaling;

/// <summary>Two callers in a stream's name, as browsers that call each other are.</summary>
public class CallerTests
{
    private readonly InMemorySignaling _signaling = new();

    [Fact]
    public async Task SecondCaller_IsToldToTheFirst_AndNothingToTheSecond()
    {
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();

        var joined = Assert.IsType<PeerJoinedMessage>(await first.NextAsync());
        Assert.Equal(second.Id, joined.Peer);
        await first.Transport.SendAsync(new OfferMessage("offer"));
        Assert.Equal(new OfferMessage("offer"), await second.NextAsync());
    }

    public static TheoryData<SignalingMessage> CallMessages => new()
    {
        new OfferMessage("sdp"),
        new AnswerMessage("sdp"),
        new CandidateMessage("candidate"),
        new EndOfCandidatesMessage(),
        new ByeMessage("left"),
    };

    [Theory]
    [MemberData(nameof(CallMessages))]
    public async Task WhatOneSays_ReachesTheOther_WithoutAnId(SignalingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        await first.NextAsync();

        await second.Transport.SendAsync(message with { Peer = "somebody else" });
        Assert.Equal(message, await first.NextAsync());
    }

    public static TheoryData<SignalingMessage> OtherMessages => new()
    {
        new CameraStateMessage(CameraState.Live),
        new WelcomeMessage("x"),
        new PeerLeftMessage(),
        new PeerJoinedMessage(),
        new RestartMessage(),
    };

    [Theory]
    [MemberData(nameof(OtherMessages))]
    public async Task WhatACallerMayNotSay_IsAnsweredWithAnError_AndNotPassedOn(SignalingMessage message)
    {
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        await first.NextAsync();

        await second.Transport.SendAsync(message);
        Assert.Equal("P2P2005", Assert.IsType<ErrorMessage>(await second.NextAsync()).Code);
        await second.Transport.SendAsync(new CandidateMessage("after it"));
        Assert.Equal(new CandidateMessage("after it"), await first.NextAsync());
    }

    [Fact]
    public async Task ThirdCaller_IsRefusedInWords_AndTheTwoGoOn()
    {
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        await first.NextAsync();

        await using var third = _signaling.CreateTransport();
        var error = await Assert.ThrowsAsync<SignalingException>(() => third.ConnectAsync(new SignalingJoin("default", SignalingRole.Caller)));

        Assert.Equal("P2P2012", error.Code);
        Assert.Contains("Two are in the call", error.Message, StringComparison.Ordinal);
        await second.Transport.SendAsync(new AnswerMessage("still here"));
        Assert.Equal(new AnswerMessage("still here"), await first.NextAsync());
    }

    [Fact]
    public async Task CallerThatLeaves_IsReported_AndMakesPlaceForAnother()
    {
        await using var first = await JoinAsync();
        var second = await JoinAsync();
        await first.NextAsync();

        await second.DisposeAsync();
        Assert.Equal(new PeerLeftMessage { Peer = second.Id }, await first.NextAsync());
        await using var third = await JoinAsync();
        Assert.Equal(third.Id, Assert.IsType<PeerJoinedMessage>(await first.NextAsync()).Peer);
    }

    [Fact]
    public async Task CallerThatLostItsConnection_GivesWayToOneThatComes()
    {
        await using var first = await JoinAsync();
        await using var lost = await JoinAsync();
        await first.NextAsync();
        lost.Transport.IsUnreachable = true;
        await lost.Transport.BreakAsync();

        await using var third = await JoinWhenThereIsPlaceAsync();

        Assert.Equal(new PeerLeftMessage { Peer = lost.Id }, await first.NextAsync());
        Assert.Equal(third.Id, Assert.IsType<PeerJoinedMessage>(await first.NextAsync()).Peer);
    }

    [Fact]
    public async Task CameraAndViewersOfTheStream_HearNothingOfACall()
    {
        await using var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        await using var first = await JoinAsync();
        await using var second = await JoinAsync();
        await first.Transport.SendAsync(new OfferMessage("private"));
        Assert.Equal(new OfferMessage("private"), await second.NextAsync());

        await using var viewer = await JoinAsync(SignalingRole.Viewer);
        Assert.Equal(viewer.Id, Assert.IsType<PeerJoinedMessage>(await broadcaster.NextAsync()).Peer);
    }

    [Fact]
    public async Task RoomOfACall_IsForgottenWhenBothHaveLeft()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await first.NextAsync();
        await second.DisposeAsync();
        await first.NextAsync();
        Assert.True(_signaling.HasRoom("default"));

        await first.DisposeAsync();
        await WaitAsync(() => !_signaling.HasRoom("default"));
    }

    private async Task<Participant> JoinAsync(SignalingRole role = SignalingRole.Caller)
    {
        var transport = new InMemorySignalingTransport(_signaling, "in-memory");
        await transport.ConnectAsync(new SignalingJoin("default", role));
        var participant = new Participant(transport);
        participant.Id = Assert.IsType<WelcomeMessage>(await participant.NextAsync()).PeerId;
        return participant;
    }

    // The rooms notice a broken connection a moment after it broke.
    private async Task<Participant> JoinWhenThereIsPlaceAsync()
    {
        Participant? participant = null;
        await WaitAsync(async () =>
        {
            try
            {
                participant = await JoinAsync();
            }
            catch (SignalingException e) when (e.Code == "P2P2012")
            {
                return false;
            }

            return true;
        });
        return participant!;
    }

    private static Task WaitAsync(Func<bool> condition) => WaitAsync(() => Task.FromResult(condition()));

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private sealed class Participant(InMemorySignalingTransport transport) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SignalingMessage> _messages = transport.ReadAllAsync().GetAsyncEnumerator();

        public InMemorySignalingTransport Transport { get; } = transport;

        public string Id { get; set; } = "";

        public async Task<SignalingMessage> NextAsync()
        {
            Assert.True(await _messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)), "The messages ended.");
            return _messages.Current;
        }

        public ValueTask DisposeAsync() => Transport.DisposeAsync();
    }
}
