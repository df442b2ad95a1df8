using Xunit;

namespace P2PCam.SignalingConformance;

#pragma warning disable CS1591 // The name of a case is its sentence.

public abstract partial class SignalingConformanceTests
{
    [ConformanceFact]
    public async Task Viewer_ThatLeaves_IsReportedAtOnce()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await viewer.DisposeAsync();

        Assert.Equal(new PeerLeftMessage { Peer = viewer.Id }, await broadcaster.NextAsync());
    }

    [ConformanceFact]
    public async Task Viewer_SayingSomethingAndLeaving_IsHeardFirst()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        for (var i = 0; i < 100; i++)
        {
            await viewer.SendAsync(new CandidateMessage($"{i}"));
        }

        await viewer.DisposeAsync();

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"{i}", (await broadcaster.NextAsync<CandidateMessage>()).Candidate);
        }

        await broadcaster.NextAsync<PeerLeftMessage>();
    }

    [ConformanceFact]
    public async Task Bye_OfAViewer_ReachesTheBroadcaster_AndEndsTheConnection()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await viewer.SendAsync(new ByeMessage("page closed"));

        Assert.Equal(new ByeMessage("page closed") { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new PeerLeftMessage { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.False(await viewer.MoveNextAsync());
    }

    [ConformanceFact]
    public async Task Bye_ToOneViewer_ReachesThatOneOnly()
    {
        var (broadcaster, first) = await JoinBothAsync();
        var second = await JoinAsync(SignalingRole.Viewer);

        await broadcaster.SendAsync(new ByeMessage("enough") { Peer = first.Id });
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Live));

        Assert.Equal(new ByeMessage("enough"), await first.NextAsync());
        Assert.Equal(new CameraStateMessage(CameraState.Live), await second.NextAsync());
    }

    [ConformanceFact]
    public async Task Broadcaster_ThatLeaves_FreesTheStream_AndViewersHearIt()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await broadcaster.DisposeAsync();

        Assert.Equal(new CameraStateMessage(CameraState.Offline) { Unheard = true }, await viewer.NextAsync());
        var next = await JoinAsync(SignalingRole.Broadcaster);
        Assert.Equal(viewer.Id, (await next.NextAsync<PeerJoinedMessage>()).Peer);
    }

    [ConformanceFact]
    public async Task Dispose_WhileReading_EndsTheReading()
    {
        var (_, viewer) = await JoinBothAsync();
        var reading = viewer.MoveNextAsync();

        await viewer.DisposeAsync();

        Assert.False(await reading);
    }

    [ConformanceFact]
    public async Task Dispose_Twice_IsHarmless_AndNothingWorksAfterIt()
    {
        var (_, viewer) = await JoinBothAsync();

        await viewer.DisposeAsync();
        await viewer.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => viewer.SendAsync(new OfferMessage("late")).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => viewer.Transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer)));
    }

    [ConformanceFact]
    public async Task Host_ThatStops_SaysGoodbye()
    {
        var viewer = await JoinAsync(SignalingRole.Viewer);
        await viewer.NextAsync<CameraStateMessage>();

        var stopping = Host.StopAsync();

        await viewer.NextAsync<ByeMessage>();
        await viewer.DisposeAsync();
        await stopping.WaitAsync(Participant.Limit);
    }
}
