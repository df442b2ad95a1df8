using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Networking;

public class SessionLoopTests
{
    private const int FramesPerRound = 100;
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task SteadyState_WithAHundredViewers_AllocatesNothing()
    {
        await using var audience = new LoopAudience(viewers: 100);
        audience.WaitUntilConnected();

        // Ten seconds hold everything that recurs: reports of both sides each second, and two consent checks each way. What happens once
        // (the first report, a lock's first contention) may fall into a round, what happens per frame or viewer is in all of them.
        List<long> allocated = [];
        for (var round = 0; round < 6 && !allocated.Contains(0); round++)
        {
            var before = audience.AllocatedByLoop();
            for (var i = 0; i < FramesPerRound; i++)
            {
                audience.SendFrame(FrameInterval);
            }

            allocated.Add(audience.AllocatedByLoop() - before);
        }

        Assert.Contains(0, allocated);
        Assert.All(audience.Sessions, session => Assert.True(session.GetStatistics().PacketsSent >= allocated.Count * FramesPerRound * 6));
        Assert.DoesNotContain(audience.Events, e => e.Kind == PeerSessionEventKind.Closed);
    }

    [Fact]
    public async Task ViewersThatVanish_AreGoneWhenTheirConsentHasExpired()
    {
        await using var audience = new LoopAudience(viewers: 3);
        audience.WaitUntilConnected();
        audience.SendFrame(FrameInterval);

        await audience.VanishAsync();
        audience.AdvanceUntil(() => audience.Events.Count(e => e.Kind == PeerSessionEventKind.Closed) == 3);

        Assert.All(audience.Events.Where(e => e.Kind == PeerSessionEventKind.Closed), e => Assert.Equal(PeerSessionCloseReason.ConsentExpired, e.Reason));
        Assert.InRange(audience.Loop.Now, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task ViewerThatIsClosed_LeavesTheOthersTheirPicture()
    {
        await using var audience = new LoopAudience(viewers: 3);
        audience.WaitUntilConnected();
        audience.SendFrame(FrameInterval);

        // The first in the table: the last takes its place.
        audience.Close(audience.Sessions[0]);
        audience.AdvanceUntil(() => audience.Events.Any(e => e.Kind == PeerSessionEventKind.Closed));
        audience.SendFrame(FrameInterval);

        Assert.Equal([1, 2, 2], audience.Sessions.Select(session => audience.Loop.Snapshot(session.GetStatistics).FramesSent));
    }
}
