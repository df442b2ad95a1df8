namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// What a sequence parameter set says about the pictures, ITU-T H.264 section 7.3.2.1.1 and annex E.
/// <code>
/// 67 | profile_idc u(8) | constraint flags u(8) | level_idc u(8) | seq_parameter_set_id ue |
///    [high profiles: chroma_format_idc ue [separate planes u(1)] | bit depths ue ue | bypass u(1) | scaling lists] |
///    log2_max_frame_num ue | pic_order_cnt_type ue ... | max_num_ref_frames ue | gaps u(1) | width ue | height ue in macroblocks |
///    frame_mbs_only u(1) ... | direct_8x8 u(1) | cropping u(1) [left right top bottom ue] | vui u(1) [annex E]
/// </code>
/// </summary>
/// <param name="Profile">profile_idc: 66 Baseline, 77 Main, 100 High.</param>
/// <param name="Constraints">The six flags constraint_set0 to 5, from the highest bit down; 0x40 makes Baseline constrained.</param>
/// <param name="Level">level_idc: 31 is level 3.1.</param>
/// <param name="ChromaFormat">0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.</param>
/// <param name="BitDepth">Bits a sample, of the deeper of luma and chroma.</param>
/// <param name="IsProgressive">Whether all pictures are frames, and none a field.</param>
/// <param name="Width">Width in pixels, cropped.</param>
/// <param name="Height">Height in pixels, cropped.</param>
/// <param name="MaxReorderFrames">Pictures that may wait for earlier ones to show; null when the stream does not say.</param>
internal readonly record struct SequenceParameterSet(
    byte Profile, byte Constraints, byte Level, int ChromaFormat, int BitDepth, bool IsProgressive, int Width, int Height, int? MaxReorderFrames)
{
    private const int MaxMacroblocks = 1024;

    /// <param name="unit">The NAL unit with its header byte, without a start code.</param>
    public static SequenceParameterSet? Parse(ReadOnlySpan<byte> unit)
    {
        if (unit.Length < 4 || H264Nal.Type(unit[0]) != H264Nal.SequenceParameterSet)
        {
            return null;
        }

        var (profile, constraints, level) = (unit[1], unit[2], unit[3]);
        var reader = new RbspReader(unit[4..]);
        reader.ReadUnsigned();
        var (chroma, depth, separate) = (1, 8, false);
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chroma = (int)Math.Min(reader.ReadUnsigned(), 4);
            separate = chroma == 3 && reader.ReadFlag();
            depth = 8 + (int)Math.Min(Math.Max(reader.ReadUnsigned(), reader.ReadUnsigned()), 8);
            reader.ReadFlag();
            SkipScalingMatrix(ref reader, chroma);
        }

        reader.ReadUnsigned();
        SkipPictureOrder(ref reader);
        reader.ReadUnsigned();
        reader.ReadFlag();
        var (across, down) = (reader.ReadUnsigned() + 1, reader.ReadUnsigned() + 1);
        var progressive = reader.ReadFlag();
        if (!progressive)
        {
            reader.ReadFlag();
        }

        reader.ReadFlag();
        if (reader.IsExhausted || across > MaxMacroblocks || down > MaxMacroblocks)
        {
            return null;
        }

        var (width, height) = ((int)across * 16, (int)down * (progressive ? 16 : 32));
        if (reader.ReadFlag() && !TryCrop(ref reader, separate ? 0 : chroma, progressive, ref width, ref height))
        {
            return null;
        }

        var reorder = reader.ReadFlag() ? UsabilityInformation.ReadMaxReorderFrames(ref reader) : null;
        return new SequenceParameterSet(profile, constraints, level, chroma, depth, progressive, width, height, reader.IsExhausted ? null : reorder);
    }

    /// <summary>The first one of an access unit in Annex B form; null when none that can be read comes before the picture.</summary>
    public static SequenceParameterSet? FindIn(ReadOnlySpan<byte> annexB)
    {
        while (H264Nal.TryTake(ref annexB, out var unit) && !H264Nal.IsPicture(H264Nal.Type(unit[0])))
        {
            if (H264Nal.Type(unit[0]) == H264Nal.SequenceParameterSet)
            {
                return Parse(unit);
            }
        }

        return null;
    }

    // Section 7.4.2.1.1: offsets count chroma samples, and field pairs where pictures may be fields.
    private static bool TryCrop(ref RbspReader reader, int chroma, bool progressive, ref int width, ref int height)
    {
        var unitX = chroma is 1 or 2 ? 2 : 1;
        var unitY = (chroma == 1 ? 2 : 1) * (progressive ? 1 : 2);
        var across = ((long)reader.ReadUnsigned() + reader.ReadUnsigned()) * unitX;
        var down = ((long)reader.ReadUnsigned() + reader.ReadUnsigned()) * unitY;
        if (reader.IsExhausted || across >= width || down >= height)
        {
            return false;
        }

        (width, height) = (width - (int)across, height - (int)down);
        return true;
    }

    private static void SkipScalingMatrix(ref RbspReader reader, int chroma)
    {
        if (!reader.ReadFlag())
        {
            return;
        }

        for (var list = 0; list < (chroma == 3 ? 12 : 8); list++)
        {
            if (!reader.ReadFlag())
            {
                continue;
            }

            var (last, next) = (8, 8);
            for (var i = 0; i < (list < 6 ? 16 : 64) && next != 0; i++)
            {
                next = (last + reader.ReadSigned()) & 0xFF;
                last = next == 0 ? last : next;
            }
        }
    }

    private static void SkipPictureOrder(ref RbspReader reader)
    {
        switch (reader.ReadUnsigned())
        {
            case 0:
                reader.ReadUnsigned();
                break;
            case 1:
                reader.ReadFlag();
                reader.ReadSigned();
                reader.ReadSigned();
                for (var cycle = Math.Min(reader.ReadUnsigned(), 255); cycle > 0; cycle--)
                {
                    reader.ReadSigned();
                }

                break;
        }
    }
}
