using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Writes the vectors of a split macroblock's parts, and tells what they cost (RFC 6386 section 16.4).</summary>
internal static class PartVectors
{
    /// <summary>In 1/256 bit, given the vectors to the left of and above the part, what follows from them, and the macroblock's prediction.</summary>
    public static int Cost(MotionVector vector, MotionVector left, MotionVector above, ReadOnlySpan<byte> p, MotionVector best, VectorCosts costs)
    {
        if (vector == left)
        {
            return BitCost.Zero(p[0]);
        }

        var cost = BitCost.Of(true, p[0]);
        if (vector == above)
        {
            return cost + BitCost.Zero(p[1]);
        }

        cost += BitCost.Of(true, p[1]);
        return vector.IsZero ? cost + BitCost.Zero(p[2]) : cost + BitCost.Of(true, p[2]) + costs.Of(vector, best);
    }

    public static void Write(BoolEncoder output, FrameState state, int column, int row, MotionVector best, ReadOnlySpan<byte> probabilities)
    {
        var index = (row * state.Columns) + column;
        var layout = state.SplitLayouts[index];
        output.WriteTree(SplitLayouts.Tree, SplitLayouts.TreeProbabilities, layout);
        foreach (var first in SplitLayouts.FirstBlocks(layout))
        {
            var vector = state.SplitVectors[(index * 16) + first];
            var (left, above) = (state.VectorLeft(column, row, first), state.VectorAbove(column, row, first));
            var p = SplitLayouts.VectorProbabilities(left, above);
            output.Write(vector != left, p[0]);
            if (vector != left)
            {
                output.Write(vector != above, p[1]);
                if (vector != above)
                {
                    output.Write(!vector.IsZero, p[2]);
                    if (!vector.IsZero)
                    {
                        VectorCosts.Write(output, vector, best, probabilities);
                    }
                }
            }
        }
    }

    /// <summary>Counts how the new vectors among them would be written: pairs of (times 0, times 1) per probability.</summary>
    public static void Count(FrameState state, int column, int row, MotionVector best, Span<int> branches)
    {
        var index = (row * state.Columns) + column;
        foreach (var first in SplitLayouts.FirstBlocks(state.SplitLayouts[index]))
        {
            var vector = state.SplitVectors[(index * 16) + first];
            if (vector != state.VectorLeft(column, row, first) && vector != state.VectorAbove(column, row, first) && !vector.IsZero)
            {
                VectorCosts.Count(vector, best, branches);
            }
        }
    }
}
