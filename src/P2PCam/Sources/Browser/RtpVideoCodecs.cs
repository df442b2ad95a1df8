using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.Browser;

/// <summary>The engine's names of codecs and ours.</summary>
internal static class RtpVideoCodecs
{
    public static RtpVideoCodec Of(VideoCodec codec) => codec switch
    {
        VideoCodec.Vp8 => RtpVideoCodec.Vp8,
        VideoCodec.H264 => RtpVideoCodec.H264,
        VideoCodec.Vp9 => RtpVideoCodec.Vp9,
        _ => RtpVideoCodec.Av1,
    };

    public static VideoCodec Of(RtpVideoCodec codec) => codec switch
    {
        RtpVideoCodec.Vp8 => VideoCodec.Vp8,
        RtpVideoCodec.H264 => VideoCodec.H264,
        RtpVideoCodec.Vp9 => VideoCodec.Vp9,
        _ => VideoCodec.Av1,
    };
}
