namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>The codecs whose RTP payloads are known here. VP9 and AV1 are only passed on, never made or decoded.</summary>
internal enum RtpVideoCodec
{
    /// <summary>RFC 7741.</summary>
    Vp8,

    /// <summary>RFC 6184.</summary>
    H264,

    /// <summary>RFC 9628.</summary>
    Vp9,

    /// <summary>The RTP payload format of the Alliance for Open Media, version 1.0.</summary>
    Av1,
}

internal static class RtpVideoCodecNames
{
    /// <summary>The name in rtpmap.</summary>
    public static string Of(RtpVideoCodec codec) => codec switch
    {
        RtpVideoCodec.Vp8 => "VP8",
        RtpVideoCodec.H264 => "H264",
        RtpVideoCodec.Vp9 => "VP9",
        _ => "AV1",
    };
}
