using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Simulation.Tests.Sessions;

public class SessionTests
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);

    [Fact]
    public void OnALan_TheFirstFrameArrivesWithin200Milliseconds()
    {
        using var call = new SimulatedCall(seed: 1) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(1) } } };
        call.StartVideo();
        var start = call.Now;

        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);

        Assert.InRange(call.Now - start, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
    }

    [Theory]
    [InlineData(0, 0.999)]
    [InlineData(2, 0.99)]
    [InlineData(5, 0.98)]
    [InlineData(10, 0.95)]
    [InlineData(20, 0.80)]
    public void AMinuteOfVideo_WithLossEachWay_ArrivesNearlyWhole(int percentLost, double share)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            using var call = new SimulatedCall(seed)
            {
                Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5), Loss = percentLost / 100.0, Duplication = 0.01 } },
            };
            call.StartVideo();
            call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
            var (sent, received) = (call.FramesSent, call.FramesReceived);

            call.RunFor(TimeSpan.FromMinutes(1));

            var arrived = (double)(call.FramesReceived - received) / (call.FramesSent - sent);
            Assert.True(arrived >= share, $"Seed {seed}: {arrived:P2} of the frames arrived; at least {share:P1} should at {percentLost} % loss.");
            Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Closed);
        }
    }

    [Fact]
    public void TheSameSeed_GivesTheSameCall()
    {
        static (long, long, long) Run()
        {
            using var call = new SimulatedCall(seed: 42) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.05 } } };
            call.RunUntil(() => call.Broadcaster.IsConnected && call.Viewer.IsConnected, ConnectLimit);
            call.StartVideo();
            call.RunFor(TimeSpan.FromSeconds(5));
            return (call.FramesSent, call.FramesReceived > 140 ? 1 : 0, call.BroadcasterEvents.Count(e => e.Kind == PeerSessionEventKind.Closed));
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void Close_TellsTheOtherSideAtOnce()
    {
        using var call = new SimulatedCall(seed: 3) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) } } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);

        call.Broadcaster.Close(call.Now);
        call.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.Contains(call.BroadcasterEvents, e => e is { Kind: PeerSessionEventKind.Closed, Reason: PeerSessionCloseReason.LocalClose });
        Assert.Contains(call.ViewerEvents, e => e is { Kind: PeerSessionEventKind.Closed, Reason: PeerSessionCloseReason.PeerClosed });
    }

    [Fact]
    public void ViewerThatCloses_IsGoneAtOnce()
    {
        using var call = new SimulatedCall(seed: 8) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) } } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);

        call.Viewer.Close(call.Now);
        call.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.Contains(call.BroadcasterEvents, e => e is { Kind: PeerSessionEventKind.Closed, Reason: PeerSessionCloseReason.PeerClosed });
    }

    [Fact]
    public void ViewerThatVanishes_IsGoneAfterThirtySeconds_AndGetsNothingMore()
    {
        using var call = new SimulatedCall(seed: 4) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) } } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
        call.Network.Default = new LinkConditions { Loss = 1 };
        var cut = call.Now;

        call.RunUntil(() => call.BroadcasterEvents.Any(e => e.Kind == PeerSessionEventKind.Closed), TimeSpan.FromSeconds(40));

        Assert.InRange(call.Now - cut, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
        Assert.Contains(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Disconnected);
        Assert.Contains(call.BroadcasterEvents, e => e.Reason == PeerSessionCloseReason.ConsentExpired);
        var sent = call.Network.Sent;
        call.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(call.Network.Sent - sent, 0, 20);
    }

    [Fact]
    public void OutageOfTenSeconds_IsSurvived()
    {
        var good = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) };
        using var call = new SimulatedCall(seed: 5) { Network = { Default = good } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
        call.Network.Default = new LinkConditions { Loss = 1 };
        call.RunFor(TimeSpan.FromSeconds(10));
        call.Network.Default = good;
        var (back, received) = (call.Now, call.FramesReceived);

        call.RunUntil(() => call.FramesReceived > received + 10, TimeSpan.FromSeconds(3));

        Assert.InRange(call.Now - back, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void ViewerThatNeverAnswers_EndsAtTheConnectTimeout()
    {
        using var call = new SimulatedCall(seed: 6) { Network = { Default = new LinkConditions { Loss = 1 } } };

        call.RunUntil(() => call.BroadcasterEvents.Any(e => e.Kind == PeerSessionEventKind.Closed), TimeSpan.FromSeconds(61));

        Assert.True(call.BroadcasterEvents[^1].Reason is PeerSessionCloseReason.ConnectTimeout or PeerSessionCloseReason.IceFailed);
    }
}
