using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Reads motion vectors (RFC 6386 sections 16.4 and 17.2).</summary>
internal static class VectorReader
{
    /// <summary>A vector that is sent as the difference to <paramref name="best"/>.</summary>
    public static MotionVector Read(ref BoolDecoder modes, MotionVector best, ReadOnlySpan<byte> probabilities)
    {
        var row = best.Row + ReadComponent(ref modes, probabilities[..MotionVectorProbabilities.PerComponent]);
        var column = best.Column + ReadComponent(ref modes, probabilities[MotionVectorProbabilities.PerComponent..]);
        return new MotionVector((short)row, (short)column);
    }

    /// <summary>
    /// The sixteen vectors of a split macroblock; true where each subblock has its own. <paramref name="left"/> and
    /// <paramref name="above"/> are the four vectors beside and above the macroblock.
    /// </summary>
    public static bool ReadSplit(
        ref BoolDecoder modes, MotionVector best, ReadOnlySpan<MotionVector> left, ReadOnlySpan<MotionVector> above,
        ReadOnlySpan<byte> probabilities, Span<MotionVector> vectors)
    {
        var layout = modes.ReadTree(SplitLayouts.Tree, SplitLayouts.TreeProbabilities);
        var parts = SplitLayouts.Parts(layout);
        var firstBlocks = SplitLayouts.FirstBlocks(layout);
        for (var part = 0; part < firstBlocks.Length; part++)
        {
            var first = firstBlocks[part];
            var leftVector = (first & 3) == 0 ? left[first >> 2] : vectors[first - 1];
            var aboveVector = first < 4 ? above[first] : vectors[first - 4];
            var vector = ReadPart(ref modes, best, leftVector, aboveVector, probabilities);
            for (int block = first; block < vectors.Length; block++)
            {
                if (parts[block] == part)
                {
                    vectors[block] = vector;
                }
            }
        }

        return layout == SplitLayouts.Fine;
    }

    private static MotionVector ReadPart(
        ref BoolDecoder modes, MotionVector best, MotionVector left, MotionVector above, ReadOnlySpan<byte> probabilities)
    {
        var p = SplitLayouts.VectorProbabilities(left, above);
        return !modes.Read(p[0]) ? left
            : !modes.Read(p[1]) ? above
            : !modes.Read(p[2]) ? default
            : Read(ref modes, best, probabilities);
    }

    private static int ReadComponent(ref BoolDecoder modes, ReadOnlySpan<byte> p)
    {
        var magnitude = 0;
        if (!modes.Read(p[MotionVectorProbabilities.IsLong]))
        {
            magnitude = modes.ReadTree(Trees.ShortVector, p.Slice(MotionVectorProbabilities.Short, 7));
        }
        else
        {
            // Bits 0, 1, 2, then 9 down to 4; bit 3 last, and not where it must be 1.
            for (var i = 0; i < 3; i++)
            {
                magnitude |= (modes.Read(p[MotionVectorProbabilities.Long + i]) ? 1 : 0) << i;
            }

            for (var i = MotionVectorProbabilities.LongBits - 1; i > 3; i--)
            {
                magnitude |= (modes.Read(p[MotionVectorProbabilities.Long + i]) ? 1 : 0) << i;
            }

            if (magnitude <= 15 || modes.Read(p[MotionVectorProbabilities.Long + 3]))
            {
                magnitude |= 8;
            }
        }

        return magnitude != 0 && modes.Read(p[MotionVectorProbabilities.Sign]) ? -magnitude : magnitude;
    }
}
