namespace P2PCam;

/// <summary>A video codec as it is named in SDP.</summary>
public enum VideoCodec
{
    /// <summary>VP8, RFC 6386; payload format RFC 7741.</summary>
    Vp8,

    /// <summary>H.264; payload format RFC 6184.</summary>
    H264,

    /// <summary>VP9; payload format RFC 9628. Passed on, neither encoded nor decoded here.</summary>
    Vp9,

    /// <summary>AV1; payload format of the Alliance for Open Media. Passed on, neither encoded nor decoded here.</summary>
    Av1,
}
