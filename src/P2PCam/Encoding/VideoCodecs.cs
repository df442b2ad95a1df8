using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam;

/// <summary>The public name of a codec and the engine's.</summary>
internal static class VideoCodecs
{
    public static RtpVideoCodec ToRtp(this VideoCodec codec) => codec switch
    {
        VideoCodec.Vp8 => RtpVideoCodec.Vp8,
        VideoCodec.H264 => RtpVideoCodec.H264,
        VideoCodec.Vp9 => RtpVideoCodec.Vp9,
        VideoCodec.Av1 => RtpVideoCodec.Av1,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Not a known codec."),
    };

    public static VideoCodec ToVideoCodec(this RtpVideoCodec codec) => codec switch
    {
        RtpVideoCodec.Vp8 => VideoCodec.Vp8,
        RtpVideoCodec.H264 => VideoCodec.H264,
        RtpVideoCodec.Vp9 => VideoCodec.Vp9,
        RtpVideoCodec.Av1 => VideoCodec.Av1,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Not a known codec."),
    };

    /// <summary>As people write it.</summary>
    public static string Name(this VideoCodec codec) => codec switch
    {
        VideoCodec.Vp8 => "VP8",
        VideoCodec.H264 => "H.264",
        VideoCodec.Vp9 => "VP9",
        _ => "AV1",
    };

    /// <summary>Several, as people write them.</summary>
    public static string Names(IEnumerable<VideoCodec> codecs) => string.Join(" or ", codecs.Select(Name));
}
