namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// What fits into one datagram. 1200 bytes of UDP payload pass every path that WebRTC is used on (IPv6's minimum MTU is 1280,
/// RFC 8200 section 5, less IPv6, UDP and a tunnel's or TURN's framing); browsers use the same figure.
/// </summary>
internal static class RtpPacketLimits
{
    /// <summary>Bytes of UDP payload.</summary>
    public const int MaxDatagram = 1200;

    /// <summary>The AEAD_AES_128_GCM tag (RFC 7714 section 13); the SHA1_80 tag is shorter.</summary>
    public const int SrtpOverhead = 16;

    /// <summary>A 4-byte block header, MID of up to 4 characters, abs-send-time and the transport-wide sequence number.</summary>
    public const int MaxExtensionBlock = 16;

    /// <summary>The original sequence number in front of a retransmitted payload (RFC 4588 section 4).</summary>
    public const int RtxOverhead = 2;

    /// <summary>The RTP payload that fits even when it is sent again as RTX with all extensions.</summary>
    public const int DefaultMaxPayload = MaxDatagram - RtpHeader.FixedLength - MaxExtensionBlock - RtxOverhead - SrtpOverhead;

    /// <summary>
    /// The RTP payload of another sender that is sent on as it is. Browsers keep to <see cref="MaxDatagram"/>; what is larger than this would
    /// not pass an Ethernet (1500 bytes, RFC 894) with all that is put around it.
    /// </summary>
    public const int MaxForwardedPayload = 1400;
}
