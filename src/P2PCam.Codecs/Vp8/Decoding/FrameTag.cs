namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>What the uncompressed bytes before the first partition say (RFC 6386 section 9.1).</summary>
internal readonly record struct FrameTag(
    bool IsKeyFrame, int Profile, bool IsShown, int Length, int FirstPartitionLength, int Width, int Height)
{
    private const int MaxProfile = 3;
    private const int KeyLength = 10;
    private const int InterLength = 3;

    // Little-endian:
    //   bit 0 not a key frame | 1-3 profile | 4 shown | 5-23 length of the first partition
    //   key frames only: 9D 01 2A | width 14, scale 2 | height 14, scale 2
    // Scaling is up to whoever shows the picture and changes nothing in decoding.
    public static Vp8DecodeResult Read(ReadOnlySpan<byte> data, out FrameTag tag)
    {
        tag = default;
        if (data.Length < InterLength)
        {
            return Vp8DecodeResult.Truncated;
        }

        var bits = data[0] | (data[1] << 8) | (data[2] << 16);
        var isKeyFrame = (bits & 1) == 0;
        var length = isKeyFrame ? KeyLength : InterLength;
        if (data.Length < length)
        {
            return Vp8DecodeResult.Truncated;
        }

        var (width, height) = (0, 0);
        if (isKeyFrame)
        {
            if (data[3] != 0x9D || data[4] != 0x01 || data[5] != 0x2A)
            {
                return Vp8DecodeResult.Corrupt;
            }

            width = (data[6] | (data[7] << 8)) & 0x3FFF;
            height = (data[8] | (data[9] << 8)) & 0x3FFF;
        }

        tag = new FrameTag(isKeyFrame, (bits >> 1) & 7, (bits & 16) != 0, length, bits >> 5, width, height);
        return tag.Profile > MaxProfile ? Vp8DecodeResult.UnsupportedProfile
            : isKeyFrame && (width == 0 || height == 0) ? Vp8DecodeResult.UnsupportedSize
            : tag.FirstPartitionLength > data.Length - length ? Vp8DecodeResult.Truncated
            : Vp8DecodeResult.Ok;
    }
}
