using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;
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
    [InlineData("packetization-mode=1;profile-level-id=42001f", true)]
    [InlineData("packetization-mode=1;profile-level-id=4d001f", false)]
    [InlineData("packetization-mode=1;profile-level-id=640c1f", false)]
    [InlineData("packetization-mode=0;profile-level-id=42e01f", false)]
    [InlineData("profile-level-id=42e01f", false)]                      // no mode means 0
    [InlineData("packetization-mode=1", true)]                          // no profile means baseline
    [InlineData("packetization-mode=2;profile-level-id=42e01f", false)]
    [InlineData("packetization-mode=1;profile-level-id=42e01", false)]
    [InlineData("packetization-mode=1;profile-level-id=42e0zz", false)]
    public void H264_FormatParameters_DecideByProfileAndMode(string parameters, bool matches)
    {
        var text = $"v=0\nm=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 H264/90000\na=fmtp:102 {parameters}\n";
        Assert.Equal(matches, H264CodecRule.Instance.TryMatch(SdpSamples.Parse(text).Media[0].PayloadTypes[0], weSend: true, out _));
    }

    [Fact]
    public void H264_WhatIsReceived_MayComeInSingleNalUnits_AndTheBestFormIsTaken()
    {
        const string Text = """
            v=0
            m=video 9 UDP/TLS/RTP/SAVPF 100 101 102 103
            a=rtpmap:100 H264/90000
            a=fmtp:100 packetization-mode=0;profile-level-id=42e01f
            a=rtpmap:101 H264/90000
            a=fmtp:101 packetization-mode=1;profile-level-id=42001f
            a=rtpmap:102 H264/90000
            a=fmtp:102 packetization-mode=1;profile-level-id=42e01f
            a=rtpmap:103 H264/90000
            a=fmtp:103 packetization-mode=1;profile-level-id=640c1f
            """;
        var media = SdpSamples.Parse(Text).Media[0];

        Assert.Equal(102, Assert.Single(VideoMatcher.ChooseCodecs(media, [H264CodecRule.Instance], weSend: true)).PayloadType);
        Assert.Equal([101, 102], VideoMatcher.FindAllCodecs(media, [H264CodecRule.Instance], weSend: true).Select(codec => (int)codec.PayloadType));
        Assert.Equal([100, 101, 102], VideoMatcher.FindAllCodecs(media, [H264CodecRule.Instance], weSend: false).Select(codec => (int)codec.PayloadType));
    }

    [Theory]
    [InlineData("VP9", "profile-id=0", true)]
    [InlineData("VP9", "x=1", true)]
    [InlineData("VP9", "profile-id=2", false)]
    [InlineData("AV1", "level-idx=5;profile=0;tier=0", true)]
    [InlineData("AV1", "profile=1", false)]
    public void Vp9AndAv1_OnlyProfileZero_IsTaken(string name, string parameters, bool matches)
    {
        var text = $"v=0\nm=video 9 UDP/TLS/RTP/SAVPF 102\na=rtpmap:102 {name}/90000\na=fmtp:102 {parameters}\n";
        var rules = VideoCodecRules.For([RtpVideoCodec.Vp8, RtpVideoCodec.Vp9, RtpVideoCodec.Av1]);
        Assert.Equal(matches ? 1 : 0, VideoMatcher.ChooseCodecs(SdpSamples.Parse(text).Media[0], rules, weSend: true).Count);
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
