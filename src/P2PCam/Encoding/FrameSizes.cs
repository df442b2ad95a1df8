using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.VideoEncoding;

/// <summary>Reads the size of the picture from a compressed key frame, where the codec is one that is read here.</summary>
internal static class FrameSizes
{
    public static bool TryRead(VideoCodec codec, ReadOnlySpan<byte> keyFrame, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (codec == VideoCodec.Vp8 && Vp8FrameTag.TryParse(keyFrame, out var tag))
        {
            (width, height) = (tag.Width, tag.Height);
        }

        return width > 0 && height > 0;
    }
}
