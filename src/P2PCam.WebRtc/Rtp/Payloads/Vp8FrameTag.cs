using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The uncompressed start of a VP8 frame (RFC 6386 section 9.1), little-endian.
/// <code>
/// | first partition size (19) | show_frame (1) | version (3) | !key (1) |      3 bytes, least significant bit rightmost
/// key frames only:  9d 01 2a | scale (2) width (14) | scale (2) height (14) |  7 bytes
/// </code>
/// </summary>
internal readonly record struct Vp8FrameTag(bool IsKeyFrame, bool IsShown, int Version, int FirstPartitionSize, int Width, int Height)
{
    private const int TagLength = 3;
    private const int KeyFrameLength = 10;

    /// <summary>Whether the frame that starts with this byte is a key frame.</summary>
    public static bool IsKeyFrameStart(byte first) => (first & 1) == 0;

    /// <summary>Reads the tag; <see cref="Width"/> and <see cref="Height"/> are 0 for inter frames, which have none.</summary>
    /// <returns>False when bytes are missing, a key frame's start code is wrong or its size is 0.</returns>
    public static bool TryParse(ReadOnlySpan<byte> frame, out Vp8FrameTag tag)
    {
        tag = default;
        if (frame.Length < TagLength)
        {
            return false;
        }

        var bits = frame[0] | (frame[1] << 8) | (frame[2] << 16);
        var key = (bits & 1) == 0;
        tag = new Vp8FrameTag(key, (bits & 0x10) != 0, (bits >> 1) & 7, bits >> 5, 0, 0);
        if (!key)
        {
            return true;
        }

        if (frame.Length < KeyFrameLength || frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
        {
            tag = default;
            return false;
        }

        var width = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF;
        var height = BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF;
        tag = width == 0 || height == 0 ? default : tag with { Width = width, Height = height };
        return width != 0 && height != 0;
    }
}
