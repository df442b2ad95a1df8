using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Writes the offer of a viewer: one video media, recvonly (RFC 9429 section 5.2.1).</summary>
internal static class OfferBuilder
{
    private const byte FirstPayloadType = 96;

    // What VideoReceiver sends. A sender that is promised more (goog-remb, transport-cc) would wait for it to raise its bit rate.
    private const RtcpFeedbackKinds Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.PictureLossIndication;

    /// <param name="rules">The codecs we can show, in order of preference; each is offered with RTX.</param>
    /// <param name="local">Our transport; it names no SSRC unless RTCP is to carry a known one.</param>
    /// <param name="mid">The media's name. The answer repeats it, so that an answer to an earlier offer with another name is known for what it is.</param>
    public static string Build(IReadOnlyList<IVideoCodecRule> rules, LocalMediaParameters local, string mid = "0")
    {
        ArgumentOutOfRangeException.ThrowIfZero(rules.Count, nameof(rules));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Count, 15, nameof(rules));
        var codecs = rules.Select((rule, i) => Offer(rule, (byte)(FirstPayloadType + (2 * i)))).ToList();
        var writer = new SdpWriter();
        writer.Session(local.SessionId, mid);
        var formats = string.Join(' ', codecs.Select(codec => $"{codec.PayloadType} {codec.RtxPayloadType}"));
        writer.Media("video", 9, "UDP/TLS/RTP/SAVPF", formats, mid);
        writer.Transport(local, "actpass");
        writer.Line("a=recvonly");
        writer.Line("a=rtcp-mux");
        writer.Line("a=rtcp-rsize");
        writer.Extension(1, HeaderExtensionUris.Mid);
        foreach (var codec in codecs)
        {
            writer.Codec(codec);
        }

        writer.Sources(local, withRtx: false);
        return writer.ToString();
    }

    private static NegotiatedCodec Offer(IVideoCodecRule rule, byte payloadType) =>
        new(rule.EncodingName, payloadType, (byte)(payloadType + 1), rule.OfferedParameters, Feedback);
}
