namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The video usability information at the end of a sequence parameter set, ITU-T H.264 section E.1.1: colours, timing, buffers, and at its end how far
/// pictures may be out of order, which is all that is wanted here.
/// </summary>
internal static class UsabilityInformation
{
    private const uint ExtendedAspectRatio = 255;

    /// <summary>max_num_reorder_frames; null when it is not said.</summary>
    public static int? ReadMaxReorderFrames(ref RbspReader reader)
    {
        if (reader.ReadFlag() && reader.ReadBits(8) == ExtendedAspectRatio)
        {
            reader.ReadBits(32);
        }

        if (reader.ReadFlag())
        {
            reader.ReadFlag(); // overscan_appropriate_flag
        }

        SkipVideoSignal(ref reader);
        if (reader.ReadFlag())
        {
            // Where chroma samples lie.
            reader.ReadUnsigned();
            reader.ReadUnsigned();
        }

        if (reader.ReadFlag())
        {
            // num_units_in_tick, time_scale, fixed_frame_rate_flag
            reader.ReadBits(32);
            reader.ReadBits(32);
            reader.ReadFlag();
        }

        var network = SkipBufferModel(ref reader);
        if (SkipBufferModel(ref reader) || network)
        {
            reader.ReadFlag(); // low_delay_hrd_flag
        }

        reader.ReadFlag(); // pic_struct_present_flag
        if (!reader.ReadFlag())
        {
            return null;
        }

        reader.ReadFlag(); // motion_vectors_over_pic_boundaries_flag
        for (var i = 0; i < 4; i++)
        {
            reader.ReadUnsigned(); // bytes and bits at most, lengths of vectors
        }

        return (int)Math.Min(reader.ReadUnsigned(), 16);
    }

    private static void SkipVideoSignal(ref RbspReader reader)
    {
        if (reader.ReadFlag())
        {
            reader.ReadBits(4);
            if (reader.ReadFlag())
            {
                reader.ReadBits(24);
            }
        }
    }

    // Section E.1.2.
    private static bool SkipBufferModel(ref RbspReader reader)
    {
        if (!reader.ReadFlag())
        {
            return false;
        }

        var count = Math.Min(reader.ReadUnsigned(), 31) + 1;
        reader.ReadBits(8);
        for (; count > 0; count--)
        {
            reader.ReadUnsigned();
            reader.ReadUnsigned();
            reader.ReadFlag();
        }

        reader.ReadBits(20);
        return true;
    }
}
