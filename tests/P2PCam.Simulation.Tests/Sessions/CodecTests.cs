using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>Calls in more than one codec.</summary>
public class CodecTests
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);
    private static readonly RtpVideoCodec[] Both = [RtpVideoCodec.H264, RtpVideoCodec.Vp8];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodecChangesInTheMiddle_WithLoss_AndNothingIsNegotiatedAnew(bool isPushed)
    {
        using var call = new SimulatedCall(seed: 1, isPushed: isPushed, sent: Both, taken: Both)
        {
            Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.02 } },
            Codec = RtpVideoCodec.H264,
        };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 100, ConnectLimit);
        Assert.Equal(RtpVideoCodec.H264, call.LastCodec);

        foreach (var codec in new[] { RtpVideoCodec.Vp8, RtpVideoCodec.H264 })
        {
            call.Codec = codec;
            call.RunUntil(() => call.LastCodec == codec, TimeSpan.FromSeconds(2));
            var received = call.FramesReceived;
            call.RunFor(TimeSpan.FromSeconds(10));
            Assert.InRange(call.FramesReceived - received, 290, 301);
        }
    }

    [Fact]
    public void CodecThatTheViewerLacks_IsToldOnce_AndNotSent()
    {
        using var call = new SimulatedCall(seed: 2, sent: Both);
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 10, ConnectLimit);
        call.Codec = RtpVideoCodec.H264;
        call.RunFor(TimeSpan.FromSeconds(2));
        var sent = call.Broadcaster.GetStatistics().FramesSent;
        call.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(sent, call.Broadcaster.GetStatistics().FramesSent);
        Assert.Equal("H264", Assert.Single(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.CodecMissing).Detail);
        call.Codec = RtpVideoCodec.Vp8;
        call.Viewer.RequestKeyFrame(call.Now);
        var received = call.FramesReceived;
        call.RunUntil(() => call.FramesReceived > received + 10, TimeSpan.FromSeconds(2));
    }
}
