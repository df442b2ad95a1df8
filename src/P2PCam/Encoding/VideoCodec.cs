namespace P2PCam;

/// <summary>A video codec as it is named in SDP.</summary>
public enum VideoCodec
{
    /// <summary>VP8, RFC 6386.</summary>
    Vp8,

    /// <summary>H.264, payload format RFC 6184.</summary>
    H264,
}
