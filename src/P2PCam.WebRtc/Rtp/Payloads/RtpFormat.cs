namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>A codec and the payload types that were agreed on for it.</summary>
/// <param name="Codec">What the payloads carry.</param>
/// <param name="PayloadType">Theirs.</param>
/// <param name="RtxPayloadType">That of retransmissions (RFC 4588); null without.</param>
internal readonly record struct RtpFormat(RtpVideoCodec Codec, byte PayloadType, byte? RtxPayloadType)
{
    /// <summary>Whether lost packets are asked for and sent again (generic NACK, RFC 4585).</summary>
    public bool Resends { get; init; } = true;

    /// <summary>H.264: the parameter sets that the sender describes, in base64 with commas between (RFC 6184 section 8.1).</summary>
    public string? ParameterSets { get; init; }
}
