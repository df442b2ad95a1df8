using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class AnswerTests
{
    [VectorsTheory]
    [InlineData("chromium156-offer-recvonly.sdp", "VP8 96/97 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("firefox153-offer-recvonly.sdp", "VP8 120/124 mid 0 at 0 ext 3,4,7 passive")]
    [InlineData("safari-like", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("aiortc/safari.sdp", "VP8 100/101 mid video at 1 ext 0,3,5 passive")]
    [InlineData("aiortc/video_chrome.sdp", "VP8 96/97 mid video at 0 ext 0,3,5 passive")]
    [InlineData("aiortc/video_firefox.sdp", "VP8 120/ mid sdparta_0 at 0 ext 3,4,0 passive")]
    [InlineData("sdp-transform/jsep.sdp", "VP8 100/101 mid v1 at 1 ext 3,0,0 passive")]       // bundle-only, so its port is 0
    [InlineData("jitsi/recvOnlySdpStrChrome.sdp", "VP8 96/97 mid video at 1 ext 0,3,0 active")] // offers setup:passive
    [InlineData("chromium156-answer-recvonly.sdp", "WrongDirection")]                           // sendonly
    [InlineData("aiortc/datachannel_firefox.sdp", "NoVideo")]
    [InlineData("aiortc/audio_freeswitch_no_dtls.sdp", "NoVideo")]
    [InlineData("sdp-transform/bfcp.sdp", "UnsupportedProtocol")]
    [InlineData("sdp-transform/normal.sdp", "NoRtcpMux")]
    [InlineData("sdp-transform/hacky.sdp", "NoFingerprint")]                                    // its video is keyed by a=crypto
    [InlineData("sdp-transform/st2110-20.sdp", "InvalidMid")]
    [InlineData("sdp-transform/invalid.sdp", "NoVideo")]
    public void TryAnalyze_OffersOfOthers_ChooseByNameOrSayWhyNot(string name, string expected) =>
        Assert.Equal(expected, SdpSamples.Describe(SdpSamples.Read(name), SdpSamples.Vp8));

    [VectorsFact]
    public void Build_AnswerToChromium_IsAsWritten()
    {
        var offer = SdpSamples.Parse(SdpSamples.Read("chromium156-offer-recvonly.sdp"));
        Assert.True(OfferAnalysis.TryAnalyze(offer, SdpSamples.Vp8, out var analysis, out _));

        const string Expected = """
            v=0
            o=- 4711 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=video 9 UDP/TLS/RTP/SAVPF 96 97
            c=IN IP4 0.0.0.0
            a=mid:0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=ice-options:trickle
            a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F
            a=setup:passive
            a=candidate:1 1 udp 2130706431 192.0.2.1 3000 typ host
            a=end-of-candidates
            a=sendonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
            a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 goog-remb
            a=rtcp-fb:96 transport-cc
            a=rtcp-fb:96 ccm fir
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            a=msid:p2pcam video
            a=ssrc-group:FID 1000 1001
            a=ssrc:1000 cname:camera
            a=ssrc:1001 cname:camera

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\r\n"), AnswerBuilder.Build(analysis!, SdpSamples.Local));
    }

    [VectorsFact]
    public void Build_OfferOfThreeMedia_RefusesTheOthersInPlace()
    {
        var offer = SdpSamples.Parse(SdpSamples.Read("aiortc/safari.sdp"));
        Assert.True(OfferAnalysis.TryAnalyze(offer, SdpSamples.Vp8, out var analysis, out _));
        var answer = SdpSamples.Parse(AnswerBuilder.Build(analysis!, SdpSamples.Local));

        Assert.Equal(["audio", "video", "application"], answer.Media.Select(media => media.Kind));
        Assert.Equal(["audio", "video", "data"], answer.Media.Select(media => media.Mid));
        Assert.Equal([0, 9, 0], answer.Media.Select(media => media.Port));
        Assert.Equal(["UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVPF", "DTLS/SCTP"], answer.Media.Select(media => media.Protocol));
        Assert.Equal(["video"], answer.BundleGroup!.Mids);
    }

    [VectorsFact]
    public void TryAnalyze_OfferOfFirefox_TakesTheSessionLevelFingerprint()
    {
        var offer = SdpSamples.Parse(SdpSamples.Read("firefox153-offer-recvonly.sdp"));
        Assert.True(OfferAnalysis.TryAnalyze(offer, SdpSamples.Vp8, out var analysis, out _));
        var video = analysis!.Video;
        Assert.StartsWith("sha-256 36:A8:82:C9", Assert.Single(video.RemoteFingerprints).ToString(), StringComparison.Ordinal);
        Assert.Equal(
            ("7ef5f8ea", "5bf6a71d1495748136a07e5c0261aab8", true),
            (video.RemoteIceUfrag, video.RemoteIcePassword, video.HasRemoteTrickle));
        Assert.Equal((RtcpFeedbackKinds.All, true, false), (video.Codec.Feedback, video.HasReducedSizeRtcp, video.IsRemoteIceLite));
        Assert.Equal(292873680u, video.RemoteSsrc);
    }

    [Theory]
    [InlineData("a=recvonly", "a=sendrecv", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("a=recvonly\n", "", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")] // sendrecv is what no direction means
    [InlineData("a=recvonly", "a=sendonly", "WrongDirection")]
    [InlineData("a=recvonly", "a=inactive", "WrongDirection")]
    [InlineData("a=rtcp-mux\n", "", "NoRtcpMux")]
    [InlineData("a=ice-ufrag:Qs2F\n", "", "NoIceCredentials")]
    [InlineData("a=ice-ufrag:Qs2F", "a=ice-ufrag:Qs2", "NoIceCredentials")]
    [InlineData("a=ice-ufrag:Qs2F", "a=ice-ufrag:Qs2F:", "NoIceCredentials")]
    [InlineData("a=ice-ufrag:Qs2F", "a=ice-ufrag:Qs2F-", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")] // no ice-char, but what some stacks draw
    [InlineData("a=ice-pwd:m1xk0JtWq3aYd8S5rVnE7bLc", "a=ice-pwd:short", "NoIceCredentials")]
    [InlineData("a=fingerprint:sha-256 0A:1B", "a=x:sha-256 0A:1B", "NoFingerprint")]
    [InlineData("VP8/90000", "VP9/90000", "NoCommonCodec")]
    [InlineData("VP8/90000", "VP8/8000", "NoCommonCodec")]
    [InlineData("VP8/90000", "vp8/90000", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("m=video 9", "m=video 0", "NoVideo")]
    [InlineData("m=video 9", "m=audio 9", "NoVideo")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/AVT", "UnsupportedProtocol")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/AVP", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")] // with a fingerprint: RFC 9429 section 5.1.2
    [InlineData("setup:actpass", "setup:active", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("setup:actpass", "setup:passive", "VP8 100/101 mid 0 at 0 ext 9,2,4 active")]
    [InlineData("setup:actpass", "setup:holdconn", "UnusableSetup")]
    [InlineData("apt=100", "apt=96", "VP8 100/ mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("a=fmtp:101 apt=100", "a=fmtp:101 rtx-time=200; apt=100", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("a=rtcp-fb:100 nack\n", "", "VP8 100/ mid 0 at 0 ext 9,2,4 passive")] // who cannot ask needs no retransmission
    [InlineData("a=extmap:9 ", "a=extmap:15 ", "VP8 100/101 mid 0 at 0 ext 0,2,4 passive")]
    [InlineData("a=extmap:9 ", "a=extmap:9/sendonly ", "VP8 100/101 mid 0 at 0 ext 0,2,4 passive")]
    [InlineData("a=extmap:9 ", "a=extmap:9/recvonly ", "VP8 100/101 mid 0 at 0 ext 9,2,4 passive")]
    [InlineData("a=mid:0\n", "", "VP8 100/101 mid  at 0 ext 9,2,4 passive")]
    public void TryAnalyze_OneLineOtherwise_ChangesJustThat(string replaced, string by, string expected)
    {
        var text = SdpSamples.SafariLike.ReplaceLineEndings("\n");
        Assert.Contains(replaced, text, StringComparison.Ordinal);
        Assert.Equal(expected, SdpSamples.Describe(text.Replace(replaced, by, StringComparison.Ordinal), SdpSamples.Vp8));
    }

    [Fact]
    public void Build_ExtensionTheViewerOnlyReceives_IsAnsweredSendonly()
    {
        var text = SdpSamples.SafariLike.Replace("a=extmap:9 ", "a=extmap:9/recvonly ", StringComparison.Ordinal);
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(text), SdpSamples.Vp8, out var analysis, out _));
        Assert.Contains(
            $"a=extmap:9/sendonly {HeaderExtensionUris.Mid}\r\n",
            AnswerBuilder.Build(analysis!, SdpSamples.Local),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TryAnalyze_BundledVideoWithoutTransport_TakesThatOfItsGroupsFirst()
    {
        const string Text = """
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE a v
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=mid:a
            a=ice-ufrag:Qs2F
            a=ice-pwd:m1xk0JtWq3aYd8S5rVnE7bLc
            a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
            a=setup:actpass
            a=candidate:1 1 udp 1 192.0.2.9 9 typ host
            m=video 0 UDP/TLS/RTP/SAVPF 96
            a=mid:v
            a=bundle-only
            a=rtcp-mux
            a=rtpmap:96 VP8/90000
            """;
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(Text), SdpSamples.Vp8, out var analysis, out var error), error.ToString());
        Assert.Equal(
            ("Qs2F", "candidate:1 1 udp 1 192.0.2.9 9 typ host"),
            (analysis!.Video.RemoteIceUfrag, Assert.Single(analysis.Video.RemoteCandidates)));
        Assert.Equal(9, SdpSamples.Parse(AnswerBuilder.Build(analysis, SdpSamples.Local)).Media[1].Port);
    }

    [Fact]
    public void TryAnalyze_SecondVideoFits_TakesIt()
    {
        var text = SdpSamples.SafariLike.ReplaceLineEndings("\n");
        var first = text.Replace("VP8/90000", "VP9/90000", StringComparison.Ordinal)
            .Replace("BUNDLE 0", "BUNDLE 0 1", StringComparison.Ordinal);
        var second = text[text.IndexOf("m=video", StringComparison.Ordinal)..].Replace("a=mid:0", "a=mid:1", StringComparison.Ordinal);
        Assert.Equal("VP8 100/101 mid 1 at 1 ext 9,2,4 passive", SdpSamples.Describe(first + second, SdpSamples.Vp8));
    }

    [Fact]
    public void Build_ControlCharacterInOurOwnValues_Throws()
    {
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(SdpSamples.SafariLike), SdpSamples.Vp8, out var analysis, out _));
        var forged = SdpSamples.Local with { Cname = "x\r\na=fingerprint:sha-256 00" };
        Assert.Throws<ArgumentException>(() => AnswerBuilder.Build(analysis!, forged));
    }
}
