using Xunit;

namespace P2PCam.SignalingConformance;

#pragma warning disable CS1591 // The name of a case is its sentence.

public abstract partial class SignalingConformanceTests
{
    [ConformanceFact]
    public async Task Join_Viewer_IsWelcomedUnderAnIdOfItsOwn()
    {
        var first = await JoinAsync(SignalingRole.Viewer);
        var second = await JoinAsync(SignalingRole.Viewer);

        Assert.Matches("^[0-9a-f]{32}$", first.Id);
        Assert.NotEqual(first.Id, second.Id);
    }

    [ConformanceFact]
    public async Task Join_ViewerWithoutBroadcaster_HearsThatTheCameraIsOffline()
    {
        var viewer = await JoinAsync(SignalingRole.Viewer);

        Assert.Equal(new CameraStateMessage(CameraState.Offline), await viewer.NextAsync());
    }

    [ConformanceFact]
    public async Task Offer_WithoutBroadcaster_IsSaidToBeUnheard()
    {
        var viewer = await JoinAsync(SignalingRole.Viewer);
        await viewer.NextAsync<CameraStateMessage>();

        await viewer.SendAsync(new OfferMessage("v=0"));

        Assert.Equal(new CameraStateMessage(CameraState.Offline) { Unheard = true }, await viewer.NextAsync());
    }

    [ConformanceFact]
    public async Task Join_Broadcaster_HearsOfViewersBeforeAndAfterIt()
    {
        var before = await JoinAsync(SignalingRole.Viewer);
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var after = await JoinAsync(SignalingRole.Viewer);

        Assert.Equal(before.Id, (await broadcaster.NextAsync<PeerJoinedMessage>()).Peer);
        var joined = await broadcaster.NextAsync<PeerJoinedMessage>();
        Assert.Equal(after.Id, joined.Peer);
        Assert.Equal(after.Transport.Name, joined.Transport);
    }

    [ConformanceFact]
    public async Task Join_SecondBroadcaster_IsRefused()
    {
        var first = await JoinAsync(SignalingRole.Broadcaster);

        Assert.Equal("P2P2003", await CodeOfAsync(() => JoinAsync(SignalingRole.Broadcaster)));

        var viewer = await JoinAsync(SignalingRole.Viewer);
        Assert.Equal(viewer.Id, (await first.NextAsync<PeerJoinedMessage>()).Peer);
    }

    [ConformanceFact]
    public async Task Join_OtherStream_HearsNothingOfThisOne()
    {
        var (broadcaster, _) = await JoinBothAsync();
        var stranger = await JoinAsync(SignalingRole.Viewer, "elsewhere");
        Assert.Equal(new CameraStateMessage(CameraState.Offline), await stranger.NextAsync());
        var other = await JoinAsync(SignalingRole.Broadcaster, "elsewhere");
        Assert.Equal(stranger.Id, (await other.NextAsync<PeerJoinedMessage>()).Peer);

        await broadcaster.SendAsync(new AnswerMessage("not for you") { Peer = stranger.Id });
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Slate));
        await other.SendAsync(new CameraStateMessage(CameraState.Live));

        Assert.Equal(new CameraStateMessage(CameraState.Live), await stranger.NextAsync());
    }

    [ConformanceTheory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("../up")]
    public async Task Join_ImpossibleStreamName_IsRefused(string stream) =>
        Assert.Equal("P2P2004", await CodeOfAsync(() => JoinAsync(SignalingRole.Viewer, stream)));

    [ConformanceTheory]
    [InlineData("expired", SignalingRole.Viewer, "P2P3101")]
    [InlineData("forged", SignalingRole.Viewer, "P2P3102")]
    [InlineData(null, SignalingRole.Viewer, "P2P3102")]
    [InlineData("may view", SignalingRole.Broadcaster, "P2P3103")]
    public async Task Join_WithoutTheRight_IsRefusedByCode(string? token, SignalingRole role, string code)
    {
        await RestartHostAsync(new SignalingTestSettings
        {
            Refuse = hello => (hello.Token, hello.Role) switch
            {
                ("expired", _) => "P2P3101",
                ("may view", SignalingRole.Broadcaster) => "P2P3103",
                ("may view" or "may broadcast", _) => null,
                _ => "P2P3102",
            },
        });

        Assert.Equal(code, await CodeOfAsync(() => JoinAsync(role, token: token)));

        var broadcaster = await JoinAsync(SignalingRole.Broadcaster, token: "may broadcast");
        var viewer = await JoinAsync(SignalingRole.Viewer, token: "may view");
        Assert.Equal(viewer.Id, (await broadcaster.NextAsync<PeerJoinedMessage>()).Peer);
    }

    [ConformanceFact]
    public async Task Join_Cancelled_Throws_AndTheTransportCanStillConnect()
    {
        var transport = Host.CreateTransport();
        _things.Add(transport);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer), new CancellationToken(true)));

        await transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer));
        await new Participant(transport).NextAsync<WelcomeMessage>();
    }

    [ConformanceFact]
    public async Task Join_Again_LeavesFirst_AndIsSomebodyNew()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await viewer.Transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer));
        var again = new Participant(viewer.Transport);
        await again.NextAsync<WelcomeMessage>();

        Assert.NotEqual(viewer.Id, again.Id);
        Assert.Equal(viewer.Id, (await broadcaster.NextAsync<PeerLeftMessage>()).Peer);
        Assert.Equal(again.Id, (await broadcaster.NextAsync<PeerJoinedMessage>()).Peer);
    }

    [ConformanceFact]
    public async Task Hello_Missing_IsAnsweredByAnErrorAndTheEnd()
    {
        var raw = await OpenRawAsync();

        await raw.SendAsync(new OfferMessage("v=0"));

        Assert.Equal("P2P3007", (await raw.NextAsync<ErrorMessage>()).Code);
        await raw.ExpectEndAsync();
    }

    [ConformanceFact]
    public async Task Hello_OfAnotherVersion_IsToldWhichOneIsSpoken()
    {
        var raw = await OpenRawAsync();

        await raw.SendAsync(new HelloMessage("default", SignalingRole.Viewer, 99));

        var error = await raw.NextAsync<ErrorMessage>();
        Assert.Equal("P2P3008", error.Code);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        await raw.ExpectEndAsync();
    }
}
