using System.Text.RegularExpressions;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>New ICE credentials for a session that goes on. The viewer wants the restart, as browsers do.</summary>
public partial class RestartTests
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);
    private static readonly LinkConditions Good = new() { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5) };

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 0.05)]
    [InlineData(true, 0)]
    public void Restart_InTheMiddleOfTheVideo_LosesNoFrame(bool byOffer, double loss)
    {
        using var call = Start(seed: 1, Good with { Loss = loss });
        var ufrag = call.Broadcaster.LocalUfrag;

        Restart(call, byOffer);
        Assert.NotEqual(ufrag, call.Broadcaster.LocalUfrag);
        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.IceRestarted) && Has(call.ViewerEvents, PeerSessionEventKind.IceRestarted), TimeSpan.FromSeconds(5));
        call.RunFor(TimeSpan.FromSeconds(60));

        Assert.InRange(call.LongestGap, TimeSpan.Zero, TimeSpan.FromMilliseconds(loss == 0 ? 60 : 400));
        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind is PeerSessionEventKind.Closed or PeerSessionEventKind.Disconnected or PeerSessionEventKind.Reconnected);
        Assert.Equal(1, call.BroadcasterEvents.Count(e => e.Kind == PeerSessionEventKind.IceRestarting));
    }

    [Fact]
    public void RestartThatFindsNoPath_LeavesTheOldOneAlive_AndAnotherRestartMaySucceed()
    {
        using var call = Start(seed: 2, Good);

        // The peer announces a restart and is never heard under the new name.
        Assert.True(call.Broadcaster.TryRestartIce(call.Now, "abcdefgh", new string('x', 24), out _, out _, out _));
        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.IceRestartFailed), TimeSpan.FromSeconds(60));
        var received = call.FramesReceived;
        call.RunFor(TimeSpan.FromSeconds(60));

        Assert.InRange(call.FramesReceived - received, 1790, 1801);
        Assert.InRange(call.LongestGap, TimeSpan.Zero, TimeSpan.FromMilliseconds(60));
        Restart(call, byOffer: false);
        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.IceRestarted), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void RestartAfterTheAddressesChanged_NamesThoseOfNow()
    {
        using var call = Start(seed: 9, Good);
        call.Broadcaster.SetLocalAddresses(call.Now, [WebRtc.Wire.TransportAddress.FromIPv4(0x0A00_0009, 3000)]);

        Assert.True(call.Broadcaster.TryRestartIce(call.Now, "abcdefgh", new string('x', 24), out _, out _, out var candidates));
        Assert.Contains(" 10.0.0.9 3000 ", Assert.Single(candidates), StringComparison.Ordinal);
    }

    [Fact]
    public void RestartWhoseOldPathDies_GoesOnWhereTheNewOneIs()
    {
        using var call = Start(seed: 3, Good);
        call.Network.Default = LinkConditions.Dead;
        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.Disconnected), TimeSpan.FromSeconds(15));
        call.RunUntil(() => call.Now - call.LastArrival > TimeSpan.FromSeconds(27), TimeSpan.FromSeconds(27));
        Restart(call, byOffer: true);
        call.RunFor(TimeSpan.FromSeconds(4)); // consent on the old path has run out
        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Closed);
        var sent = call.Broadcaster.GetStatistics().PacketsSent;
        call.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(sent, call.Broadcaster.GetStatistics().PacketsSent);
        call.Network.Default = Good;
        var received = call.FramesReceived;

        call.RunUntil(() => call.FramesReceived > received + 5, TimeSpan.FromSeconds(5));

        Assert.Contains(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Reconnected);
    }

    [Fact]
    public void RestartThatIsOverAndTheOldPathToo_EndsTheSession()
    {
        using var call = Start(seed: 4, Good);
        call.Network.Default = LinkConditions.Dead;
        Restart(call, byOffer: false);

        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.Closed), TimeSpan.FromSeconds(65));

        Assert.Contains(call.BroadcasterEvents, e => e is { Kind: PeerSessionEventKind.Closed, Reason: PeerSessionCloseReason.ConsentExpired });
    }

    [Fact]
    public void RestartBeforeThereIsAPath_IsTheOnlyOneThatCounts()
    {
        using var call = new SimulatedCall(seed: 5) { Network = { Default = LinkConditions.Dead } };
        call.RunFor(TimeSpan.FromSeconds(1));
        Restart(call, byOffer: true);
        call.Network.Default = Good;
        call.StartVideo();

        call.RunUntil(() => call.FramesReceived > 10, ConnectLimit);
    }

    [Fact]
    public void TwoRestartsAtOnce_TheLaterOneCounts()
    {
        using var call = Start(seed: 6, Good);
        Assert.True(call.Broadcaster.TryRestartIce(call.Now, "abcdefgh", new string('x', 24), out var first, out _, out _));
        Restart(call, byOffer: false);
        Assert.NotEqual(first, call.Broadcaster.LocalUfrag);

        call.RunUntil(() => Has(call.BroadcasterEvents, PeerSessionEventKind.IceRestarted), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void OfferWithTheSameCredentials_IsAnsweredAlike_AndRestartsNothing()
    {
        using var call = Start(seed: 7, Good);
        Assert.True(call.Broadcaster.TryRestart(call.Now, call.Offer, out var answer, out var error), error);

        Assert.Contains($"a=ice-ufrag:{call.Broadcaster.LocalUfrag}\r\n", answer, StringComparison.Ordinal);
        Assert.Matches("o=- [0-9]+ 2 IN", answer);
        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.IceRestarting);
    }

    [Fact]
    public void OfferOfAnotherPeer_IsAnotherSession()
    {
        using var call = Start(seed: 8, Good);
        using var other = new SimulatedCall(seed: 9, isPushed: true);
        var stranger = Fingerprint().Match(other.Offer).Value;
        var offer = Fingerprint().Replace(WithCredentials(call.Offer, "abcdefgh", new string('x', 24)), stranger);
        Assert.DoesNotContain(stranger, call.Offer, StringComparison.Ordinal);

        Assert.False(call.Broadcaster.TryRestart(call.Now, offer, out _, out var error));
        Assert.Contains("certificate", error, StringComparison.Ordinal);
        Assert.False(call.Broadcaster.TryRestart(call.Now, call.Offer.Replace("a=mid:0", "a=mid:7", StringComparison.Ordinal), out _, out error));
        Assert.Contains("media", error, StringComparison.Ordinal);
        Assert.False(call.Broadcaster.TryRestart(call.Now, "garbage", out _, out _));
        Assert.False(call.Broadcaster.TryRestartIce(call.Now, "a", "b", out _, out _, out _));
        call.RunFor(TimeSpan.FromSeconds(40));
        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind is PeerSessionEventKind.IceRestarting or PeerSessionEventKind.Closed);
    }

    private static SimulatedCall Start(int seed, LinkConditions conditions)
    {
        var call = new SimulatedCall(seed) { Network = { Default = conditions } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 30, ConnectLimit);
        return call;
    }

    private static void Restart(SimulatedCall call, bool byOffer)
    {
        var (ufrag, password) = call.Viewer.PrepareIceRestart();
        if (byOffer)
        {
            Assert.True(call.Broadcaster.TryRestart(call.Now, WithCredentials(call.Offer, ufrag, password), out var answer, out var error), error);
            var local = (Ufrag().Match(answer).Groups[1].Value, Password().Match(answer).Groups[1].Value);
            Assert.True(call.Viewer.TryRestartIce(call.Now, local.Item1, local.Item2, out _, out _, out _));
            call.Viewer.AddRemoteCandidate(call.Now, Candidate().Match(answer).Groups[1].Value);
            return;
        }

        Assert.True(call.Broadcaster.TryRestartIce(call.Now, ufrag, password, out var localUfrag, out var localPassword, out var candidates));
        Assert.True(call.Viewer.TryRestartIce(call.Now, localUfrag, localPassword, out _, out _, out _));
        foreach (var candidate in candidates)
        {
            call.Viewer.AddRemoteCandidate(call.Now, candidate);
        }
    }

    private static bool Has(List<PeerSessionEvent> events, PeerSessionEventKind kind) => events.Exists(e => e.Kind == kind);

    private static string WithCredentials(string offer, string ufrag, string password) =>
        Password().Replace(Ufrag().Replace(offer, $"a=ice-ufrag:{ufrag}\r\n"), $"a=ice-pwd:{password}\r\n");

    [GeneratedRegex("a=ice-ufrag:([^\r]+)\r\n")]
    private static partial Regex Ufrag();

    [GeneratedRegex("a=ice-pwd:([^\r]+)\r\n")]
    private static partial Regex Password();

    [GeneratedRegex("a=(candidate:[^\r]+)\r\n")]
    private static partial Regex Candidate();

    [GeneratedRegex("a=fingerprint:sha-256 [0-9A-F:]+")]
    private static partial Regex Fingerprint();
}
