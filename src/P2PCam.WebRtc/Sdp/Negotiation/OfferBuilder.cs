using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Writes an offer of one video media: a viewer's, recvonly, or that of a stream to be published, sendonly (RFC 9429 section 5.2.1).</summary>
internal static class OfferBuilder
{
    private const byte FirstPayloadType = 96;

    /// <param name="rules">The codecs we can show or send, in order of preference; each is offered with RTX.</param>
    /// <param name="local">Our transport, and the stream when one is sent.</param>
    /// <param name="mid">The media's name. The answer repeats it, so that an answer to an earlier offer with another name is known for what it is.</param>
    /// <param name="weSend">Which way the media go.</param>
    public static string Build(IReadOnlyList<IVideoCodecRule> rules, LocalMediaParameters local, string mid = "0", bool weSend = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rules.Count, nameof(rules));
        var codecs = Offer(rules, weSend);
        var writer = new SdpWriter();
        writer.Session(local, mid);
        writer.Media("video", 9, "UDP/TLS/RTP/SAVPF", SdpWriter.Formats(codecs), mid);
        writer.Transport(local, "actpass");
        writer.Line(weSend ? "a=sendonly" : "a=recvonly");
        writer.Line("a=rtcp-mux");
        writer.Line("a=rtcp-rsize");
        writer.Extension(1, HeaderExtensionUris.Mid);
        if (!weSend)
        {
            writer.Extension(2, HeaderExtensionUris.AbsoluteSendTime);
            writer.Extension(3, HeaderExtensionUris.TransportSequenceNumber);
        }

        foreach (var codec in codecs)
        {
            writer.Codec(codec);
        }

        if (weSend)
        {
            writer.Stream(local, withRtx: true);
        }

        return writer.ToString();
    }

    // Rules have at most three forms each, so the dynamic payload types from 96 to 127 are enough for all.
    private static List<NegotiatedCodec> Offer(IReadOnlyList<IVideoCodecRule> rules, bool weSend)
    {
        var feedback = weSend ? RtcpFeedbackKinds.Read : RtcpFeedbackKinds.Sent;
        var payloadType = FirstPayloadType;
        var codecs = new List<NegotiatedCodec>();
        foreach (var rule in rules)
        {
            foreach (var parameters in rule.GetOfferedParameters(weSend))
            {
                codecs.Add(new NegotiatedCodec(rule.Codec, payloadType, (byte)(payloadType + 1), parameters, feedback));
                payloadType += 2;
            }
        }

        return codecs;
    }
}
