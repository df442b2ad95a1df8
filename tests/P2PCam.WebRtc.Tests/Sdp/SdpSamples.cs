using P2PCam.TestKit;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>Descriptions to test with.</summary>
internal static class SdpSamples
{
    public static readonly IVideoCodecRule[] Vp8 = [Vp8CodecRule.Instance];

    /// <summary>
    /// Made by hand, not captured: what Safari is known to offer as a viewer. It builds on the same WebRTC library as Chromium, so the
    /// lines are of the same form and at media level, with H.264 in front of VP8. Some versions leave rtcp-rsize out, as here.
    /// </summary>
    public const string SafariLike = """
        v=0
        o=- 5243190874212345678 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101 102 125 104
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:Qs2F
        a=ice-pwd:m1xk0JtWq3aYd8S5rVnE7bLc
        a=ice-options:trickle
        a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
        a=setup:actpass
        a=mid:0
        a=extmap:1 urn:ietf:params:rtp-hdrext:toffset
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:3 urn:3gpp:video-orientation
        a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid
        a=recvonly
        a=rtcp-mux
        a=rtpmap:96 H264/90000
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=rtpmap:98 H264/90000
        a=rtcp-fb:98 goog-remb
        a=rtcp-fb:98 transport-cc
        a=rtcp-fb:98 ccm fir
        a=rtcp-fb:98 nack
        a=rtcp-fb:98 nack pli
        a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:99 rtx/90000
        a=fmtp:99 apt=98
        a=rtpmap:100 VP8/90000
        a=rtcp-fb:100 goog-remb
        a=rtcp-fb:100 transport-cc
        a=rtcp-fb:100 ccm fir
        a=rtcp-fb:100 nack
        a=rtcp-fb:100 nack pli
        a=rtpmap:101 rtx/90000
        a=fmtp:101 apt=100
        a=rtpmap:102 red/90000
        a=rtpmap:125 rtx/90000
        a=fmtp:125 apt=102
        a=rtpmap:104 ulpfec/90000

        """;

    public static LocalMediaParameters Local { get; } = new()
    {
        SessionId = 4711,
        IceUfrag = "abcd",
        IcePassword = "0123456789abcdefghijkl",
        Fingerprint = SdpFingerprint.FromSha256([.. Enumerable.Range(0, 32).Select(i => (byte)i)]),
        Cname = "camera",
        Ssrc = 1000,
        RtxSsrc = 1001,
        Candidates = ["candidate:1 1 udp 2130706431 192.0.2.1 3000 typ host"],
        HasEndOfCandidates = true,
    };

    public static string Read(string name) =>
        name == "safari-like" ? SafariLike : File.ReadAllText(Path.Combine(Repository.Vectors!, "sdp", name));

    public static SessionDescription Parse(string text)
    {
        Assert.True(SessionDescription.TryParse(text, out var description, out var error), error.ToString());
        return description;
    }

    /// <summary>What becomes of an offer, in a word and the payload types.</summary>
    public static string Describe(string text, IReadOnlyList<IVideoCodecRule> rules)
    {
        if (!SessionDescription.TryParse(text, out var offer, out var error))
        {
            return error.Code.ToString();
        }

        if (!OfferAnalysis.TryAnalyze(offer, rules, out var analysis, out var reason))
        {
            return reason.Code.ToString();
        }

        Parse(AnswerBuilder.Build(analysis!, Local));
        var video = analysis!.Video;
        var extensions = video.Extensions;
        return $"{video.Codec.EncodingName} {video.Codec.PayloadType}/{video.Codec.RtxPayloadType} mid {video.Mid} at {video.MediaIndex}"
            + $" ext {extensions.Mid},{extensions.AbsoluteSendTime},{extensions.TransportSequenceNumber}"
            + (video.IsDtlsClient ? " active" : " passive");
    }

    /// <summary>Every description among the shared test data.</summary>
    public static IEnumerable<string> AllFiles() =>
        Directory.GetFiles(Path.Combine(Repository.Vectors!, "sdp"), "*.sdp", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Vectors!, "corpus", "webrtc", "sdp-corpus")))
            .Order(StringComparer.Ordinal);
}
