using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>Peers whose ICE is less than ours: FFmpeg's WHIP muxer, as its source reads, and lite agents.</summary>
public class OtherIcePeersTests
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly LinkConditions Lan = new() { Delay = TimeSpan.FromMilliseconds(5) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SuccessWithoutMappedAddress_Connects_AndKeepsConsent(bool isPushed)
    {
        using var call = new SimulatedCall(seed: 1, isPushed: isPushed) { Network = { Default = Lan } };
        var peer = new IcePeerOfAnotherMake(call, isPushed ? SimulatedCall.BroadcasterAddress : SimulatedCall.ViewerAddress) { SaysMappedAddress = false };
        AssertLastsForTwoMinutes(call, peer);
    }

    [Fact]
    public void PublisherAsFFmpegsMuxer_ThatAnswersWhileItConnects_IsShown_AndNotCut()
    {
        using var call = Publish(2);
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.BroadcasterAddress)
        {
            SaysMappedAddress = false,
            ChecksAsFFmpeg = true,
            Answers = () => call.FramesReceived == 0,
        };
        AssertLastsForTwoMinutes(call, peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PublisherThatNeverAnswersAnyCheck_IsShownAllTheSame_ForItsFramesCome(bool nominates)
    {
        using var call = Publish(3);
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.BroadcasterAddress) { ChecksAsFFmpeg = true, Nominates = nominates, Answers = () => false };
        AssertLastsForTwoMinutes(call, peer);

        // Without an answer there is no leave to send (RFC 7675): the frames are taken, and nothing goes back but checks.
        peer.Feedback = 0;
        var checks = peer.Checks.All;
        call.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(0, peer.Feedback);
        Assert.InRange(peer.Checks.All - checks, 5, 40);
    }

    [Fact]
    public void PublisherThatAnswersAgain_GetsFeedbackAgain()
    {
        using var call = Publish(4);
        var answers = true;
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.BroadcasterAddress) { Answers = () => answers };
        Connect(call, peer);
        answers = false;
        call.RunFor(TimeSpan.FromSeconds(40));
        peer.Feedback = 0;
        call.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(0, peer.Feedback);

        answers = true;
        call.RunUntil(() => peer.Feedback > 2, TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(call.ViewerEvents, e => e.Kind is PeerSessionEventKind.Closed or PeerSessionEventKind.Disconnected);
    }

    [Fact]
    public void PublisherThatNeverAnswers_AndThenVanishes_IsGoneHalfAMinuteAfterItsLastFrame()
    {
        using var call = Publish(5);
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.BroadcasterAddress) { ChecksAsFFmpeg = true, Answers = () => false };
        Connect(call, peer);
        call.RunFor(TimeSpan.FromSeconds(60));
        call.Network.Default = new LinkConditions { Loss = 1 };
        var cut = call.Now;
        call.RunUntil(() => call.ViewerEvents.Any(e => e.Kind == PeerSessionEventKind.Closed), TimeSpan.FromSeconds(40));
        Assert.InRange(call.Now - cut, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));
        Assert.Contains(call.ViewerEvents, e => e.Reason == PeerSessionCloseReason.ConsentExpired);
    }

    [Fact]
    public void PublisherWithoutAnswers_ThatPausesForTenSeconds_ComesBack()
    {
        using var call = Publish(6);
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.BroadcasterAddress) { ChecksAsFFmpeg = true, Answers = () => false };
        Connect(call, peer);
        call.RunFor(TimeSpan.FromSeconds(60));
        call.Network.Default = new LinkConditions { Loss = 1 };
        call.RunFor(TimeSpan.FromSeconds(10));
        Assert.Contains(call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Disconnected);
        call.Network.Default = Lan;
        call.RunUntil(() => call.ViewerEvents.Any(e => e.Kind == PeerSessionEventKind.Reconnected), TimeSpan.FromSeconds(5));
    }

    // Whom we send to has to answer: his not doing so is how we learn that he does not want it.
    [Fact]
    public void ViewerThatStopsAnswering_IsStillGoneAfterThirtySeconds()
    {
        using var call = new SimulatedCall(seed: 7) { Network = { Default = Lan } };
        var answers = true;
        var peer = new IcePeerOfAnotherMake(call, SimulatedCall.ViewerAddress) { Answers = () => answers };
        Connect(call, peer);
        answers = false;
        var cut = call.Now;
        call.RunUntil(() => call.BroadcasterEvents.Any(e => e.Reason == PeerSessionCloseReason.ConsentExpired), TimeSpan.FromSeconds(40));
        Assert.InRange(call.Now - cut, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData("a lite viewer offers", false, true)]
    [InlineData("a lite publisher offers", true, true)]
    [InlineData("a lite server answers the uplink", true, false)]
    [InlineData("a lite camera answers our viewer", false, false)]
    public void LitePeer_IsCheckedAndNominatedByUs_WhoeverOffered(string what, bool isPushed, bool liteOffers)
    {
        static string Lite(string sdp) => sdp.Replace("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", StringComparison.Ordinal);
        using var call = new SimulatedCall(8, liteOffers ? Lite : null, isPushed, tamperAnswer: liteOffers ? null : Lite) { Network = { Default = Lan } };
        var peer = new IcePeerOfAnotherMake(call, isPushed == liteOffers ? SimulatedCall.BroadcasterAddress : SimulatedCall.ViewerAddress) { IsLite = true };
        AssertLastsForTwoMinutes(call, peer);
        Assert.True(peer.Checks.All > 10 && peer.Checks.Controlling == peer.Checks.All, $"{what}: {peer.Checks}");
        Assert.True(peer.Checks.Nominating > 0, $"{what}: {peer.Checks}");
    }

    [Fact]
    public void LiteViewer_ThatRestartsIce_IsStillCheckedByUs()
    {
        static string Lite(string sdp) => sdp.Replace("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", StringComparison.Ordinal);
        using var call = new SimulatedCall(9, Lite) { Network = { Default = Lan } };
        var first = new IcePeerOfAnotherMake(call, SimulatedCall.ViewerAddress) { IsLite = true };
        Connect(call, first);
        Assert.True(call.Broadcaster.TryRestart(call.Now, Lite(call.Offer).Replace("a=ice-pwd:", "a=ice-pwd:another", StringComparison.Ordinal), out var answer, out var error), error);
        Assert.NotEmpty(answer);
        var checks = new List<bool>();
        call.Wire = datagram =>
        {
            if (datagram.From == SimulatedCall.BroadcasterAddress && P2PCam.WebRtc.Stun.StunMessage.TryParse(datagram.Bytes, out var message)
                && message.Class == P2PCam.WebRtc.Stun.StunClass.Request)
            {
                checks.Add(message.Has(P2PCam.WebRtc.Stun.StunAttributeType.IceControlling));
            }

            return [datagram];
        };
        call.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(checks.Count > 1);
        Assert.All(checks, Assert.True);
    }

    private static SimulatedCall Publish(int seed) => new(seed, isPushed: true) { Network = { Default = Lan } };

    private static void Connect(SimulatedCall call, IcePeerOfAnotherMake peer)
    {
        call.Wire = peer.Pass;
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0 && call.Broadcaster.IsConnected && call.Viewer.IsConnected, ConnectLimit);
    }

    private static void AssertLastsForTwoMinutes(SimulatedCall call, IcePeerOfAnotherMake peer)
    {
        Connect(call, peer);
        var frames = call.FramesReceived;
        call.RunFor(TimeSpan.FromMinutes(2));
        Assert.InRange(call.FramesReceived - frames, 3500, 3700);
        Assert.All(call.BroadcasterEvents.Concat(call.ViewerEvents), e => Assert.False(e.Kind is PeerSessionEventKind.Closed or PeerSessionEventKind.Disconnected, $"{e}"));
    }
}
