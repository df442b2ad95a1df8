namespace P2PCam.WebRtc.Srtp;

/// <summary>What became of a packet that was protected or unprotected.</summary>
internal enum SrtpResult
{
    Ok,

    /// <summary>Shorter than header, tag and (for SRTCP) index together.</summary>
    TooShort,

    /// <summary>Not version 2, header fields beyond the end of the packet, or an SRTCP packet sent without encryption.</summary>
    BadHeader,

    /// <summary>The tag does not fit key, index and bytes.</summary>
    AuthenticationFailed,

    /// <summary>This index was received before, or lies behind the replay window (RFC 3711 section 3.3.2).</summary>
    Replayed,

    /// <summary>A new SSRC beyond the number of sources a context keeps.</summary>
    TooManySources,

    /// <summary>All 2^48 SRTP or 2^31 SRTCP indices of the key are used (RFC 3711 section 9.2).</summary>
    KeyExhausted,

    /// <summary>Sending only: this sequence number was sent before with other bytes, which would repeat key + index.</summary>
    IndexReused,

    /// <summary>Sending only: so far behind the newest sequence number that reuse could not be told any more.</summary>
    TooOld,
}
