using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>The rule of each codec.</summary>
internal static class VideoCodecRules
{
    public static IReadOnlyList<IVideoCodecRule> For(IReadOnlyList<RtpVideoCodec> codecs) => [.. codecs.Distinct().Select(Of)];

    private static IVideoCodecRule Of(RtpVideoCodec codec) => codec switch
    {
        RtpVideoCodec.Vp8 => Vp8CodecRule.Instance,
        RtpVideoCodec.H264 => H264CodecRule.Instance,
        RtpVideoCodec.Vp9 => ProfileZeroCodecRule.Vp9,
        RtpVideoCodec.Av1 => ProfileZeroCodecRule.Av1,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "There is no such codec."),
    };
}
