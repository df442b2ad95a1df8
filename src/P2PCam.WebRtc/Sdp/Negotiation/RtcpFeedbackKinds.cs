namespace P2PCam.WebRtc.Sdp;

/// <summary>The RTCP feedback that both sides agreed on, out of what is understood here.</summary>
[Flags]
internal enum RtcpFeedbackKinds
{
    None = 0,

    /// <summary><c>nack</c>, RFC 4585.</summary>
    Nack = 1,

    /// <summary><c>nack pli</c>, RFC 4585.</summary>
    PictureLossIndication = 2,

    /// <summary><c>ccm fir</c>, RFC 5104.</summary>
    FullIntraRequest = 4,

    /// <summary><c>goog-remb</c>, draft-alvestrand-rmcat-remb-03.</summary>
    ReceiverEstimatedMaxBitrate = 8,

    /// <summary><c>transport-cc</c>, draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
    TransportFeedback = 16,

    /// <summary>What our receivers send.</summary>
    Sent = Nack | PictureLossIndication | ReceiverEstimatedMaxBitrate | TransportFeedback,

    /// <summary>What our senders act on.</summary>
    Read = Nack | PictureLossIndication | FullIntraRequest,

    All = Nack | PictureLossIndication | FullIntraRequest | ReceiverEstimatedMaxBitrate | TransportFeedback,
}

/// <summary>The feedback kinds by the values that rtcp-fb lines carry.</summary>
internal static class RtcpFeedbackNames
{
    private static readonly (RtcpFeedbackKinds Kind, string Name)[] Names =
    [
        (RtcpFeedbackKinds.ReceiverEstimatedMaxBitrate, "goog-remb"),
        (RtcpFeedbackKinds.TransportFeedback, "transport-cc"),
        (RtcpFeedbackKinds.FullIntraRequest, "ccm fir"),
        (RtcpFeedbackKinds.Nack, "nack"),
        (RtcpFeedbackKinds.PictureLossIndication, "nack pli"),
    ];

    public static IEnumerable<string> Of(RtcpFeedbackKinds kinds) =>
        Names.Where(pair => kinds.HasFlag(pair.Kind)).Select(pair => pair.Name);

    public static RtcpFeedbackKinds In(SdpPayloadType payloadType) => Names
        .Where(pair => payloadType.HasFeedback(pair.Name))
        .Aggregate(RtcpFeedbackKinds.None, (kinds, pair) => kinds | pair.Kind);
}
