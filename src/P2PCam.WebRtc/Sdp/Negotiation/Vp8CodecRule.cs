using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// VP8 (RFC 7741 section 6). Its parameters max-fs and max-fr tell what a receiver can decode and restrict nothing: any VP8 matches.
/// </summary>
internal sealed class Vp8CodecRule : IVideoCodecRule
{
    public static Vp8CodecRule Instance { get; } = new();

    public RtpVideoCodec Codec => RtpVideoCodec.Vp8;

    public IReadOnlyList<string?> GetOfferedParameters(bool weSend) => [null];

    public bool TryMatch(SdpPayloadType offered, bool weSend, out CodecMatch match)
    {
        match = default;
        return true;
    }
}
