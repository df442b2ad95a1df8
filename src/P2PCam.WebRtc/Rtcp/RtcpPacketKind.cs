namespace P2PCam.WebRtc.Rtcp;

/// <summary>The RTCP packets that are read here: packet type and, for feedback, message type in one name.</summary>
internal enum RtcpPacketKind
{
    /// <summary>XR, APP and whatever else is well-formed but not used: to be skipped.</summary>
    Unknown,

    /// <summary>SR, RFC 3550 section 6.4.1.</summary>
    SenderReport,

    /// <summary>RR, RFC 3550 section 6.4.2.</summary>
    ReceiverReport,

    /// <summary>SDES, RFC 3550 section 6.5.</summary>
    SourceDescription,

    /// <summary>BYE, RFC 3550 section 6.6.</summary>
    Goodbye,

    /// <summary>Generic NACK, RFC 4585 section 6.2.1.</summary>
    GenericNack,

    /// <summary>Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.</summary>
    TransportFeedback,

    /// <summary>PLI, RFC 4585 section 6.3.1.</summary>
    PictureLossIndication,

    /// <summary>FIR, RFC 5104 section 4.3.1.</summary>
    FullIntraRequest,

    /// <summary>REMB, draft-alvestrand-rmcat-remb-03 section 2.2.</summary>
    ReceiverEstimatedMaxBitrate,
}
