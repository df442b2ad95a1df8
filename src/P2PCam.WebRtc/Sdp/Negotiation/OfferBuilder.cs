using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Writes the offer of a viewer: one video media, recvonly (RFC 9429 section 5.2.1).</summary>
internal static class OfferBuilder
{
    private const string Mid = "0";
    private const byte FirstPayloadType = 96;

    /// <param name="rules">The codecs we can show, in order of preference; each is offered with RTX.</param>
    /// <param name="local">Our transport; it names no SSRC unless RTCP is to carry a known one.</param>
    public static string Build(IReadOnlyList<IVideoCodecRule> rules, LocalMediaParameters local)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rules.Count, nameof(rules));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Count, 15, nameof(rules));
        var codecs = rules.Select((rule, i) => Offer(rule, (byte)(FirstPayloadType + (2 * i)))).ToList();
        var writer = new SdpWriter();
        writer.Session(local.SessionId, Mid);
        var formats = string.Join(' ', codecs.Select(codec => $"{codec.PayloadType} {codec.RtxPayloadType}"));
        writer.Media("video", 9, "UDP/TLS/RTP/SAVPF", formats, Mid);
        writer.Transport(local, "actpass");
        writer.Line("a=recvonly");
        writer.Line("a=rtcp-mux");
        writer.Line("a=rtcp-rsize");
        writer.Extension(1, HeaderExtensionUris.Mid);
        writer.Extension(2, HeaderExtensionUris.AbsoluteSendTime);
        writer.Extension(3, HeaderExtensionUris.TransportSequenceNumber);
        foreach (var codec in codecs)
        {
            writer.Codec(codec);
        }

        writer.Sources(local, withRtx: false);
        return writer.ToString();
    }

    private static NegotiatedCodec Offer(IVideoCodecRule rule, byte payloadType) =>
        new(rule.EncodingName, payloadType, (byte)(payloadType + 1), rule.OfferedParameters, RtcpFeedbackKinds.All);
}
