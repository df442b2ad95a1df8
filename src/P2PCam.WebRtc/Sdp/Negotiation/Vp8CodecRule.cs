namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// VP8 (RFC 7741 section 6). Its parameters max-fs and max-fr tell what a receiver can decode and restrict nothing: any VP8 matches.
/// </summary>
internal sealed class Vp8CodecRule : IVideoCodecRule
{
    public static Vp8CodecRule Instance { get; } = new();

    public string EncodingName => "VP8";

    public string? OfferedParameters => null;

    public bool TryMatch(SdpPayloadType offered, out string? answerParameters)
    {
        answerParameters = null;
        return true;
    }
}
