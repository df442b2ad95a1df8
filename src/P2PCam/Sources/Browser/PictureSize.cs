using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.Browser;

/// <summary>
/// What a key frame says about its size. VP8 (RFC 6386 section 9.1): three bytes of tag, the start code 9D 01 2A, then 14 bits of width and of height,
/// each with two bits of scaling above.
/// </summary>
internal static class PictureSize
{
    /// <summary>Null where it is not known.</summary>
    public static (int Width, int Height)? Of(in ReceivedFrame frame) =>
        frame.Codec == RtpVideoCodec.Vp8 && frame.Data is [_, _, _, 0x9D, 0x01, 0x2A, var w0, var w1, var h0, var h1, ..]
            ? ((w0 | (w1 << 8)) & 0x3FFF, (h0 | (h1 << 8)) & 0x3FFF)
            : null;
}
