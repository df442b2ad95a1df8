using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Writes motion vectors and tells what they cost (RFC 6386 section 17.2).</summary>
internal sealed class VectorCosts
{
    /// <summary>The largest difference of one component to its prediction that the format can express.</summary>
    public const int MaxDelta = 1023;

    private readonly ushort[] _rows = new ushort[(2 * MaxDelta) + 1];
    private readonly ushort[] _columns = new ushort[(2 * MaxDelta) + 1];
    private readonly byte[] _built = new byte[2 * MotionVectorProbabilities.PerComponent];

    /// <summary>Cost in 1/256 bit of a vector, given its prediction; both components must be within <see cref="MaxDelta"/>.</summary>
    public int Of(MotionVector vector, MotionVector best) =>
        _rows[vector.Row - best.Row + MaxDelta] + _columns[vector.Column - best.Column + MaxDelta];

    public static bool CanExpress(MotionVector vector, MotionVector best) =>
        Math.Abs(vector.Row - best.Row) <= MaxDelta && Math.Abs(vector.Column - best.Column) <= MaxDelta;

    /// <summary>Takes over a frame's probabilities; quick where they are those of the frame before.</summary>
    public void Build(ReadOnlySpan<byte> probabilities)
    {
        if (probabilities.SequenceEqual(_built))
        {
            return;
        }

        probabilities.CopyTo(_built);
        Build(probabilities[..MotionVectorProbabilities.PerComponent], _rows);
        Build(probabilities[MotionVectorProbabilities.PerComponent..], _columns);
    }

    /// <summary>Counts how both components would be written, rows first.</summary>
    public static void Count(MotionVector vector, MotionVector best, Span<int> branches)
    {
        Count(vector.Row - best.Row, branches[..(2 * MotionVectorProbabilities.PerComponent)]);
        Count(vector.Column - best.Column, branches[(2 * MotionVectorProbabilities.PerComponent)..]);
    }

    /// <summary>Counts how a component would be written: pairs of (times 0, times 1) per probability.</summary>
    public static void Count(int delta, Span<int> branches)
    {
        var magnitude = Math.Abs(delta);
        if (magnitude < 8)
        {
            branches[MotionVectorProbabilities.IsLong * 2]++;
            var (bits, count) = TreePath.Find(Trees.ShortVector, magnitude);
            for (var node = 0; count > 0;)
            {
                var bit = (bits >> --count) & 1;
                branches[((MotionVectorProbabilities.Short + (node >> 1)) * 2) + bit]++;
                node = Trees.ShortVector[node + bit];
            }
        }
        else
        {
            branches[(MotionVectorProbabilities.IsLong * 2) + 1]++;
            for (var i = 0; i < MotionVectorProbabilities.LongBits; i++)
            {
                if (i != 3 || magnitude > 15)
                {
                    branches[((MotionVectorProbabilities.Long + i) * 2) + ((magnitude >> i) & 1)]++;
                }
            }
        }

        if (magnitude > 0)
        {
            branches[(MotionVectorProbabilities.Sign * 2) + (delta < 0 ? 1 : 0)]++;
        }
    }

    public static void Write(BoolEncoder output, MotionVector vector, MotionVector best, ReadOnlySpan<byte> probabilities)
    {
        WriteComponent(output, vector.Row - best.Row, probabilities[..MotionVectorProbabilities.PerComponent]);
        WriteComponent(output, vector.Column - best.Column, probabilities[MotionVectorProbabilities.PerComponent..]);
    }

    private static void WriteComponent(BoolEncoder output, int delta, ReadOnlySpan<byte> p)
    {
        var magnitude = Math.Abs(delta);
        output.Write(magnitude >= 8, p[MotionVectorProbabilities.IsLong]);
        if (magnitude < 8)
        {
            output.WriteTree(Trees.ShortVector, p.Slice(MotionVectorProbabilities.Short, 7), magnitude);
        }
        else
        {
            // Bits 0, 1, 2, then 9 down to 4; bit 3 last, and not where it must be 1.
            for (var i = 0; i < 3; i++)
            {
                output.Write(((magnitude >> i) & 1) != 0, p[MotionVectorProbabilities.Long + i]);
            }

            for (var i = MotionVectorProbabilities.LongBits - 1; i > 3; i--)
            {
                output.Write(((magnitude >> i) & 1) != 0, p[MotionVectorProbabilities.Long + i]);
            }

            if (magnitude > 15)
            {
                output.Write((magnitude & 8) != 0, p[MotionVectorProbabilities.Long + 3]);
            }
        }

        if (magnitude > 0)
        {
            output.Write(delta < 0, p[MotionVectorProbabilities.Sign]);
        }
    }

    private static void Build(ReadOnlySpan<byte> p, Span<ushort> costs)
    {
        Span<int> branches = stackalloc int[2 * MotionVectorProbabilities.PerComponent];
        for (var delta = -MaxDelta; delta <= MaxDelta; delta++)
        {
            branches.Clear();
            Count(delta, branches);
            var cost = 0;
            for (var i = 0; i < p.Length; i++)
            {
                cost += (int)TokenProbabilityUpdate.Cost(branches[2 * i], branches[(2 * i) + 1], p[i]);
            }

            costs[delta + MaxDelta] = (ushort)Math.Min(cost, ushort.MaxValue);
        }
    }
}
