using P2PCam.TestKit;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class SessionDescriptionTests
{
    private const string Head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    [VectorsFact]
    public void TryParse_OfferOfChromium_GivesEachPart()
    {
        var offer = SdpSamples.Parse(SdpSamples.Read("chromium156-offer-recvonly.sdp"));
        Assert.Equal(new SdpOrigin("-", "1395830821800101843", "2"), offer.Origin);
        Assert.Equal(["0"], offer.BundleGroup!.Mids);
        Assert.Equal(["extmap-allow-mixed", "msid-semantic"], offer.OtherAttributes.Select(attribute => attribute.Name));

        var media = Assert.Single(offer.Media);
        Assert.Equal(("video", 9, "UDP/TLS/RTP/SAVPF", "0"), (media.Kind, media.Port, media.Protocol, media.Mid));
        Assert.Equal(
            (SdpDirection.ReceiveOnly, true, true, false),
            (media.Direction, media.HasRtcpMux, media.HasReducedSizeRtcp, media.IsBundleOnly));
        Assert.Equal(
            ("SrPc", "KREo1zBxpAaTJESdU5yyu6pZ", SdpSetup.ActivePassive),
            (media.Transport.IceUfrag, media.Transport.IcePassword, media.Transport.Setup));
        Assert.Equal(["trickle"], media.Transport.IceOptions);
        Assert.Equal(
            "sha-256 AD:E6:09:72:27:1C:24:A0:01:38:94:E5:25:9F:4F:DE:C8:7D:78:71:27:7A:59:D0:DA:60:3F:1D:E9:C5:6A:99",
            Assert.Single(media.Transport.Fingerprints).ToString());
        Assert.Equal(34, media.PayloadTypes.Count);
        Assert.Equal(11, media.Extensions.Count);
        Assert.Equal(new SdpExtensionMap(9, null, "urn:ietf:params:rtp-hdrext:sdes:mid"), media.Extensions[8]);

        var vp8 = media.FindPayloadType(96)!;
        Assert.Equal(("VP8", 90_000, null), (vp8.EncodingName, vp8.ClockRate, vp8.FormatParameters));
        Assert.Equal(["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"], vp8.Feedback);
        Assert.True(media.FindPayloadType(102)!.TryGetParameter("profile-level-id", out var profile));
        Assert.Equal("42001f", profile);
        Assert.Null(media.FindPayloadType(127));
    }

    [VectorsFact]
    public void TryParse_AnswerOfFirefox_HasSessionLevelFingerprintAndSources()
    {
        var answer = SdpSamples.Parse(SdpSamples.Read("firefox153-answer-recvonly.sdp"));
        var media = Assert.Single(answer.Media);
        Assert.Equal(answer.Transport.Fingerprints, media.Transport.Fingerprints);
        Assert.Equal(("815b9532", SdpSetup.Active), (media.Transport.IceUfrag, media.Transport.Setup));
        Assert.Equal(["trickle"], media.Transport.IceOptions);
        Assert.Equal([3829579041u, 744335439u], media.Sources.Select(source => source.Ssrc));
        Assert.Equal("{f80354e5-cc76-48e9-8def-11d50fc7d0de}", media.Sources[0].Cname);
        Assert.Equal(744335439u, media.FindRetransmissionSsrc(3829579041));
        Assert.Null(media.FindRetransmissionSsrc(744335439));
        Assert.Equal("- {33ecf428-90c8-4fa8-8d7f-31c13bbf5658}", media.MediaStreamId);
    }

    [VectorsFact]
    public void TryParse_CandidatesOfFirefox_AreKeptAsTheyAre()
    {
        var media = SdpSamples.Parse(SdpSamples.Read("aiortc/video_firefox.sdp")).Media[0];
        Assert.Equal(4, media.Candidates.Count);
        Assert.Equal("candidate:0 1 UDP 2122252543 192.168.99.7 42738 typ host", media.Candidates[0]);
        Assert.True(media.HasEndOfCandidates);
    }

    [VectorsFact]
    public void TryParse_FeedbackForAllPayloadTypes_ReachesEach()
    {
        var media = SdpSamples.Parse(SdpSamples.Read("aiortc/video_session_star_rtcp_fb.sdp")).Media[0];
        Assert.All(media.PayloadTypes, payloadType => Assert.Equal(["nack", "nack pli", "goog-remb"], payloadType.Feedback));
    }

    [VectorsFact]
    public void TryParse_RidAndSimulcast_AreKept()
    {
        var others = SdpSamples.Parse(SdpSamples.Read("sdp-transform/simulcast.sdp")).Media[1].OtherAttributes;
        Assert.Equal(5, others.Count(attribute => attribute.Name == "rid"));
        Assert.Contains(new SdpAttribute("simulcast", "send 1,~4;2;3 recv c"), others);
    }

    [VectorsFact]
    public void TryParse_LineEndsOfEitherKind_GiveTheSame()
    {
        var text = SdpSamples.Read("chromium156-offer-recvonly.sdp").ReplaceLineEndings("\n");
        Assert.Equal(SdpSamples.Describe(text, SdpSamples.Vp8), SdpSamples.Describe(text.ReplaceLineEndings("\r\n"), SdpSamples.Vp8));
    }

    [Theory]
    [InlineData("", nameof(SdpErrorCode.NotSdp), 0)]
    [InlineData("v=1\n", nameof(SdpErrorCode.NotSdp), 1)]
    [InlineData("{\"type\":\"offer\"}", nameof(SdpErrorCode.NotSdp), 1)]
    [InlineData("v=0\no=- 1\n", nameof(SdpErrorCode.MalformedOrigin), 2)]
    [InlineData("v=0\nhello\n", nameof(SdpErrorCode.MalformedLine), 2)]
    [InlineData("v=0\na=x\u0001\n", nameof(SdpErrorCode.MalformedLine), 2)]
    [InlineData("v=0\na=x\ra=y\n", nameof(SdpErrorCode.MalformedLine), 2)] // a lone CR would be a line end to others
    [InlineData("v=0\nm=video\n", nameof(SdpErrorCode.MalformedMedia), 2)]
    [InlineData("v=0\nm=video 65536 RTP/AVP 0\n", nameof(SdpErrorCode.MalformedMedia), 2)]
    [InlineData("v=0\nm=video 9 RTP/AVP\n", nameof(SdpErrorCode.MalformedMedia), 2)]
    [InlineData("v=0\nm=vi/deo 9 RTP/AVP 0\n", nameof(SdpErrorCode.MalformedMedia), 2)]
    [InlineData("v=0\nm=video 9 RTP//AVP 0\n", nameof(SdpErrorCode.MalformedMedia), 2)]
    [InlineData("v=0\na=fingerprint:sha-256 AA:BB\n", nameof(SdpErrorCode.MalformedFingerprint), 2)]
    [InlineData("v=0\na=fingerprint:sha-1 XX:02:03:04:05:06:07:08:09:10:11:12:13:14:15:16:17:18:19:20\n", "MalformedFingerprint", 2)]
    [InlineData("v=0\nm=video 9 RTP/AVP 0\na=mid:a\nm=audio 9 RTP/AVP 0\na=mid:a\n", nameof(SdpErrorCode.InvalidMid), 5)]
    [InlineData("v=0\nm=video 9 RTP/AVP 0\na=mid:a b\n", nameof(SdpErrorCode.InvalidMid), 3)]
    public void TryParse_BrokenText_NamesTheFaultAndTheLine(string text, string code, int line)
    {
        Assert.False(SessionDescription.TryParse(text, out _, out var error));
        Assert.Equal((code, line), (error.Code.ToString(), error.Line));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("a=rtpmap:96\na=rtpmap:x VP8/90000\na=rtpmap:200 VP8/90000\na=rtpmap:96 VP8\na=rtpmap:96 VP8/x")]
    [InlineData("a=extmap:\na=extmap:0 urn:x\na=extmap:5\na=extmap:4096 urn:x\na=extmap:-1 urn:x")]
    [InlineData("a=ssrc:\na=ssrc:4294967296 cname:x\na=ssrc-group:FID 1 x\na=setup:whenever\na=rtcp-fb:*\na=fmtp:7 x")]
    public void TryParse_DamagedAttributesThatNothingDependsOn_AreSkipped(string lines)
    {
        var media = SdpSamples.Parse($"{Head}m=video 9 UDP/TLS/RTP/SAVPF 96\n{lines}\n").Media[0];
        Assert.Equal("", Assert.Single(media.PayloadTypes).EncodingName);
        Assert.Empty(media.Extensions);
        Assert.Empty(media.SourceGroups);
        Assert.Empty(media.Sources);
        Assert.Equal(SdpSetup.Unspecified, media.Transport.Setup);
    }

    [Fact]
    public void TryParse_MediaOfItsOwn_GoBeforeSessionLevel()
    {
        var text = Head + "a=ice-ufrag:sess\na=ice-pwd:p\na=setup:active\na=inactive\n"
            + "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\n"
            + "m=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 0\na=ice-ufrag:own1\na=setup:passive\na=sendonly\n";
        var media = SdpSamples.Parse(text).Media;
        Assert.Equal(
            ("sess", "p", SdpSetup.Active, SdpDirection.Inactive),
            (media[0].Transport.IceUfrag, media[0].Transport.IcePassword, media[0].Transport.Setup, media[0].Direction));

        // Credentials are a pair: half of one and half of the other would match nobody.
        Assert.Equal(
            ("own1", null, SdpSetup.Passive, SdpDirection.SendOnly),
            (media[1].Transport.IceUfrag, media[1].Transport.IcePassword, media[1].Transport.Setup, media[1].Direction));
        Assert.Equal("sha-1", media[1].Transport.Fingerprints[0].Algorithm);
    }

    [Theory]
    [InlineData(SdpLimits.MaxLines - 4, "a=x\n", true)]
    [InlineData(SdpLimits.MaxLines - 3, "a=x\n", false)]
    [InlineData(SdpLimits.MaxMedia, "m=audio 9 RTP/AVP 0\n", true)]
    [InlineData(SdpLimits.MaxMedia + 1, "m=audio 9 RTP/AVP 0\n", false)]
    public void TryParse_Limits_AreExact(int count, string line, bool valid)
    {
        Assert.Equal(valid, SessionDescription.TryParse(Head + Repeat(line, count), out _, out var error));
        Assert.Equal(valid ? SdpErrorCode.None : SdpErrorCode.TooLarge, error.Code);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void TryParse_Candidates_AreCountedOverAllMedia(int count, bool valid)
    {
        const string Media = "m=audio 9 RTP/AVP 0\n";
        const string Candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\n";
        var text = Head + Media + Repeat(Candidate, 50) + Media + Repeat(Candidate, count - 50);
        Assert.Equal(valid, SessionDescription.TryParse(text, out _, out _));
    }

    [Fact]
    public void TryParse_MegabyteOfText_IsRefusedUnread()
    {
        var text = Head + new string('a', 1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(SessionDescription.TryParse(text, out _, out var error));
        Assert.Equal(SdpErrorCode.TooLarge, error.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Theory]
    [InlineData("m=video 9 UDP/TLS/RTP/SAVPF ", "1 ")]
    [InlineData("a=group:BUNDLE ", "x ")]
    [InlineData("a=ice-options:", "x ")]
    [InlineData("m=video 9 RTP/AVP 0\na=ssrc-group:FID ", "1 ")]
    [InlineData("m=video 9 RTP/AVP 0\na=fmtp:0 ", "a=1;")]
    [InlineData("a=fingerprint:sha-999 AA", ":AA")]
    public void TryParse_LongestLineOfLists_AllocatesLessThanAMegabyte(string start, string repeated)
    {
        var text = Head + start + Repeat(repeated, (SdpLimits.MaxCharacters - Head.Length - start.Length - 2) / repeated.Length) + "\n";
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = SessionDescription.TryParse(text, out _, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void TryParse_FeedbackForAll_TimesAThousandLines_StaysSmall()
    {
        var text = Head + "m=video 9 RTP/AVP " + string.Join(' ', Enumerable.Range(0, 128)) + "\n" + Repeat("a=rtcp-fb:* nack\n", 990);
        var before = GC.GetAllocatedBytesForCurrentThread();
        SdpSamples.Parse(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
