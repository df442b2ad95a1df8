namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>The size in pixels that a received key frame says of itself.</summary>
internal static class PictureSize
{
    // An SPS that is longer than this has no size in front of what makes it long.
    private const int MaxSetBytes = 256;

    /// <summary>Reads the size from a frame as receivers hand it out; false where it is not found, and for AV1, whose headers are not read.</summary>
    public static bool TryRead(RtpVideoCodec codec, ReadOnlySpan<byte> keyFrame, out int width, out int height)
    {
        (width, height) = (0, 0);
        switch (codec)
        {
            case RtpVideoCodec.Vp8 when Vp8FrameTag.TryParse(keyFrame, out var tag):
                (width, height) = (tag.Width, tag.Height);
                return width > 0;
            case RtpVideoCodec.H264:
                return TryReadH264(keyFrame, out width, out height);
            case RtpVideoCodec.Vp9 when Vp9PayloadDescriptor.TryParse(keyFrame, out var descriptor):
                return TryReadVp9(keyFrame[descriptor.Length..], out width, out height);
            default:
                return false;
        }
    }

    private static bool TryReadH264(ReadOnlySpan<byte> annexB, out int width, out int height)
    {
        (width, height) = (0, 0);
        while (H264Nal.TryTake(ref annexB, out var nal))
        {
            if (H264Nal.Type(nal[0]) == H264Nal.SequenceParameterSet)
            {
                Span<byte> plain = stackalloc byte[MaxSetBytes];
                return TryReadSequence(new BitReader(Unescape(nal[1..], plain)), out width, out height);
            }

            if (H264Nal.IsPicture(H264Nal.Type(nal[0])))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Without the bytes that keep start codes out (ITU-T H.264 section 7.4.1).</summary>
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> nal, Span<byte> plain)
    {
        var (length, zeros) = (0, 0);
        for (var i = 0; i < nal.Length && length < plain.Length; i++)
        {
            if (zeros >= 2 && nal[i] == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = nal[i] == 0 ? zeros + 1 : 0;
            plain[length++] = nal[i];
        }

        return plain[..length];
    }

    /// <summary>
    /// seq_parameter_set_data() of ITU-T H.264 section 7.3.2.1.1, for the profiles without chroma_format_idc: baseline, main and extended.
    /// </summary>
    private static bool TryReadSequence(BitReader bits, out int width, out int height)
    {
        (width, height) = (0, 0);
        var profile = bits.Read(8);
        bits.Skip(16);
        bits.ReadUnsigned(); // seq_parameter_set_id
        if (profile is not (66 or 77 or 88))
        {
            if (bits.ReadUnsigned() != 1)
            {
                return false; // chroma_format_idc other than 4:2:0
            }

            bits.ReadUnsigned();
            bits.ReadUnsigned();
            bits.Skip(1);
            if (bits.ReadFlag())
            {
                return false; // scaling matrices, which nobody sends to browsers
            }
        }

        bits.ReadUnsigned(); // log2_max_frame_num_minus4
        if (!TrySkipOrderCounts(ref bits))
        {
            return false;
        }

        bits.ReadUnsigned(); // max_num_ref_frames
        bits.Skip(1);
        var (columns, rows) = (bits.ReadUnsigned() + 1L, bits.ReadUnsigned() + 1L);
        var framesOnly = bits.ReadFlag();
        bits.Skip(framesOnly ? 1 : 2); // mb_adaptive_frame_field_flag, direct_8x8_inference_flag
        var fields = framesOnly ? 1 : 2;
        var (across, down) = (0L, 0L);
        if (bits.ReadFlag())
        {
            across = 2 * ((long)bits.ReadUnsigned() + bits.ReadUnsigned());
            down = 2 * fields * ((long)bits.ReadUnsigned() + bits.ReadUnsigned());
        }

        var (wide, high) = ((16 * columns) - across, (16 * rows * fields) - down);
        var isValid = !bits.IsOver && wide is > 0 and <= ushort.MaxValue && high is > 0 and <= ushort.MaxValue;
        (width, height) = isValid ? ((int)wide, (int)high) : (0, 0);
        return isValid;
    }

    private static bool TrySkipOrderCounts(ref BitReader bits)
    {
        switch (bits.ReadUnsigned())
        {
            case 0:
                bits.ReadUnsigned();
                return true;
            case 1:
                bits.Skip(1);
                bits.ReadUnsigned();
                bits.ReadUnsigned();
                var count = bits.ReadUnsigned();
                for (var i = 0; i < count && !bits.IsOver; i++)
                {
                    bits.ReadUnsigned();
                }

                return !bits.IsOver;
            case 2:
                return true;
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
