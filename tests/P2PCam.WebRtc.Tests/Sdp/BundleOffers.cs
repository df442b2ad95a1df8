using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>Offers of several media, put together from lines.</summary>
internal static class BundleOffers
{
    public const string Transport = """
        a=ice-ufrag:Qs2F
        a=ice-pwd:m1xk0JtWq3aYd8S5rVnE7bLc
        a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
        a=setup:actpass
        a=rtcp-mux
        a=rtcp-rsize
        a=candidate:1 1 udp 1 192.0.2.9 9 typ host

        """;

    public const string Vp8 = "a=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n";

    public static string Session(params string[] groups) =>
        $"v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n{string.Concat(groups.Select(group => $"a=group:{group}\n"))}";

    public static string Audio(string mid, int port = 9, string transport = Transport) =>
        $"m=audio {port} UDP/TLS/RTP/SAVPF 111\na=mid:{mid}\na=recvonly\n{transport}a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n";

    public static string Video(string mid, int port = 9, string transport = Transport, string codec = Vp8) =>
        $"m=video {port} UDP/TLS/RTP/SAVPF 96 97\na=mid:{mid}\na=recvonly\n{transport}{codec}";

    public static string BundleOnly(string mid) => Video(mid, 0, "a=bundle-only\n");

    public static string Data(string mid, int port = 9, string transport = Transport) =>
        $"m=application {port} UDP/DTLS/SCTP webrtc-datachannel\na=mid:{mid}\n{transport}a=sctp-port:5000\na=max-message-size:262144\n";

    /// <summary>The analysis of an offer and our answer to it, read again.</summary>
    public static (OfferAnalysis Analysis, SessionDescription Answer, string Text) Answer(string offer, bool keepsAudio = false, bool weSend = true)
    {
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(offer), SdpSamples.Vp8, out var analysis, out var error, weSend, keepsAudio), error.ToString());
        var text = AnswerBuilder.Build(analysis!, SdpSamples.Local);
        return (analysis!, SdpSamples.Parse(text), text);
    }
}
