namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>The size in pixels that a received key frame says of itself.</summary>
internal static class PictureSize
{
    /// <summary>Reads the size from a frame as receivers hand it out; false where it is not found, and for AV1, whose headers are not read.</summary>
    public static bool TryRead(RtpVideoCodec codec, ReadOnlySpan<byte> keyFrame, out int width, out int height)
    {
        (width, height) = (0, 0);
        switch (codec)
        {
            case RtpVideoCodec.Vp8 when Vp8FrameTag.TryParse(keyFrame, out var tag):
                (width, height) = (tag.Width, tag.Height);
                return width > 0;
            case RtpVideoCodec.H264 when SequenceParameterSet.FindIn(keyFrame) is { } set:
                (width, height) = (set.Width, set.Height);
                return true;
            case RtpVideoCodec.Vp9 when Vp9PayloadDescriptor.TryParse(keyFrame, out var descriptor):
                return TryReadVp9(keyFrame[descriptor.Length..], out width, out height);
            default:
                return false;
        }
    }

    /// <summary>uncompressed_header() of the VP9 bitstream specification, section 6.2, for profile 0.</summary>
    private static bool TryReadVp9(ReadOnlySpan<byte> frame, out int width, out int height)
    {
        (width, height) = (0, 0);
        var bits = new BitReader(frame);
        var isKeyFrame = bits.Read(4) == 0b1000 && bits.Read(2) == 0; // frame_marker, profile 0; show_existing_frame, frame_type
        bits.Skip(2); // show_frame, error_resilient_mode
        if (!isKeyFrame || bits.Read(24) != 0x49_83_42)
        {
            return false;
        }

        const uint Rgb = 7;
        if (bits.Read(3) == Rgb)
        {
            return false; // not in profile 0
        }

        bits.Skip(1);
        (width, height) = ((int)bits.Read(16) + 1, (int)bits.Read(16) + 1);
        return !bits.IsOver;
    }
}
