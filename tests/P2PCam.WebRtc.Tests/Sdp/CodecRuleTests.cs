using P2PCam.TestKit;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class CodecRuleTests
{
    [VectorsTheory]
    [InlineData("chromium156-offer-recvonly.sdp", 108, 109)] // 42001f is not constrained, 114 is packetization mode 0
    [InlineData("aiortc/safari.sdp", 98, 99)]                // 640c1f is high
    [InlineData("safari-like", 98, 99)]
    public void H264_OffersOfBrowsers_MatchConstrainedBaselineInModeOne(string name, int payloadType, int rtx)
    {
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(SdpSamples.Read(name)), [H264CodecRule.Instance], out var analysis, out _));
        var codec = analysis!.Video.Codec;
        Assert.Equal(((int)codec.PayloadType, (int?)codec.RtxPayloadType), (payloadType, (int?)rtx));
        Assert.Equal("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", codec.FormatParameters);
        Assert.Contains(
            $"a=fmtp:{payloadType} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n",
            AnswerBuilder.Build(analysis, SdpSamples.Local),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("packetization-mode=1;profile-level-id=42e01f", true)]
    [InlineData("packetization-mode=1; profile-level-id=42C01F", true)]
    [InlineData("packetization-mode=1;profile-level-id=42401f", true)]
    [InlineData("packetization-mode=1;profile-level-id=4d801f", true)]  // main with constraint set 0 is constrained baseline
    [InlineData("packetization-mode=1;profile-level-id=58c01f", true)]
    [InlineData("packetization-mode=1;profile-level-id=42001f", false)]
    [InlineData("packetization-mode=1;profile-level-id=4d001f", false)]
    [InlineData("packetization-mode=1;profile-level-id=640c1f", false)]
    [InlineData("packetization-mode=0;profile-level-id=42e01f", false)]
    [InlineData("profile-level-id=42e01f", false)]                      // no mode means 0
    [InlineData("packetization-mode=1", false)]
    [InlineData("packetization-mode=1;profile-level-id=42e01", false)]
    [InlineData("packetization-mode=1;profile-level-id=42e0zz", false)]
    public void H264_FormatParameters_DecideByProfileAndMode(string parameters, bool matches)
    {
        var text = $"v=0\nm=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 {parameters}\n";
        Assert.Equal(matches, H264CodecRule.Instance.TryMatch(SdpSamples.Parse(text).Media[0].PayloadTypes[0], out _));
    }

    [VectorsFact]
    public void Rules_SeveralMatch_OurOrderDecides()
    {
        var offer = SdpSamples.Parse(SdpSamples.Read("aiortc/safari.sdp"));
        Assert.True(OfferAnalysis.TryAnalyze(offer, [Vp8CodecRule.Instance, H264CodecRule.Instance], out var first, out _));
        Assert.True(OfferAnalysis.TryAnalyze(offer, [H264CodecRule.Instance, Vp8CodecRule.Instance], out var second, out _));
        Assert.Equal(("VP8", "H264"), (first!.Video.Codec.EncodingName, second!.Video.Codec.EncodingName));
    }
}
