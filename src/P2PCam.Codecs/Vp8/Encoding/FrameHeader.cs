using System.Numerics;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What a frame's header says beyond its probabilities.</summary>
internal readonly record struct FrameHeader(
    bool IsKeyFrame, int Width, int Height, int QuantizerIndex, int FilterLevel, ReferenceUpdate Updates, SegmentHeader Segments);

/// <summary>Writes frame headers (RFC 6386 sections 9 and 19.2).</summary>
internal static class FrameHeaderWriter
{
    public const int InterTagLength = 3;
    public const int KeyTagLength = 10;

    // Bytes before the first partition, little-endian:
    //   bit 0 not a key frame | 1-3 profile | 4 shown | 5-23 length of the first partition
    //   key frames only: 9D 01 2A | width 14, scale 2 | height 14, scale 2
    public static void WriteTag(Span<byte> output, in FrameHeader header, int firstPartitionLength)
    {
        var tag = (header.IsKeyFrame ? 0 : 1) | (1 << 4) | (firstPartitionLength << 5);
        (output[0], output[1], output[2]) = ((byte)tag, (byte)(tag >> 8), (byte)(tag >> 16));
        if (header.IsKeyFrame)
        {
            (output[3], output[4], output[5]) = (0x9D, 0x01, 0x2A);
            (output[6], output[7]) = ((byte)header.Width, (byte)(header.Width >> 8));
            (output[8], output[9]) = ((byte)header.Height, (byte)(header.Height >> 8));
        }
    }

    /// <summary>The fields up to the coefficient probabilities, with 1, 2, 4 or 8 token partitions.</summary>
    public static void WriteFields(BoolEncoder output, in FrameHeader header, int tokenPartitions)
    {
        if (header.IsKeyFrame)
        {
            output.WriteFlag(false); // colour space: BT.601
            output.WriteFlag(false); // the decoder clamps
        }

        header.Segments.Write(output);
        output.WriteFlag(false); // normal loop filter
        output.WriteLiteral(header.FilterLevel, 6);
        output.WriteLiteral(0, 3); // sharpness
        FilterAdjustments.Write(output, header.IsKeyFrame);
        output.WriteLiteral(BitOperations.Log2((uint)tokenPartitions), 2);
        output.WriteLiteral(header.QuantizerIndex, 7);
        output.WriteLiteral(0, 5); // no differences for Y1 DC, Y2 DC, Y2 AC, chroma DC, chroma AC
        var updates = header.Updates;
        if (!header.IsKeyFrame)
        {
            WriteReferenceUpdate(output, updates);
        }

        output.WriteFlag(updates.KeepsProbabilities);
        if (!header.IsKeyFrame)
        {
            output.WriteFlag(updates.Last);
        }
    }

    // RFC 6386 section 9.7.
    private static void WriteReferenceUpdate(BoolEncoder output, in ReferenceUpdate updates)
    {
        output.WriteFlag(updates.Golden);
        output.WriteFlag(updates.AltRef);
        if (!updates.Golden)
        {
            output.WriteLiteral(updates.CopyToGolden, 2);
        }

        if (!updates.AltRef)
        {
            output.WriteLiteral(updates.CopyToAltRef, 2);
        }

        output.WriteLiteral(0, 2); // no sign biases
    }
}
