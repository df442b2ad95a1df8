using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Finds where in a reference picture a macroblock's luma comes from: whole pixels first, then halves and quarters.</summary>
internal sealed unsafe class MotionSearch
{
    private const int MaxRounds = 16;

    private readonly byte[] _scratchMemory = GC.AllocateArray<byte>(256, pinned: true);
    private readonly byte* _scratch;

    private byte* _source;
    private int _sourceStride;
    private Plane _reference;
    private int _x;
    private int _y;
    private MotionVector _predicted;
    private MotionBounds _bounds;
    private FrameQuantizers _quantizers = new();

    public MotionSearch() => _scratch = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_scratchMemory, 0);

    public VectorCosts Costs { get; } = new();

    /// <summary>Sets what the following calls are about: the macroblock at pixel (x, y) and the picture to look in.</summary>
    public void Begin(byte* source, int sourceStride, Plane reference, int x, int y, MotionVector predicted, in MotionBounds bounds, FrameQuantizers quantizers)
    {
        _source = source;
        (_sourceStride, _reference, _x, _y) = (sourceStride, reference, x, y);
        (_predicted, _bounds, _quantizers) = (predicted, bounds, quantizers);
    }

    /// <summary>Sum of absolute differences at a vector, sub-pixel ones interpolated.</summary>
    public int SadAt(MotionVector vector)
    {
        var place = _reference.At(_x + (vector.Column >> 2), _y + (vector.Row >> 2));
        if (((vector.Row | vector.Column) & 3) == 0)
        {
            return BlockMetrics.Sad16(_source, _sourceStride, place, _reference.Stride);
        }

        SubpelFilter.Predict(place, _reference.Stride, _scratch, 16, 16, 16, (vector.Column & 3) * 2, (vector.Row & 3) * 2);
        return BlockMetrics.Sad16(_source, _sourceStride, _scratch, 16);
    }

    /// <summary>The best vector found from the given starts (others than zero are rounded to whole pixels), and its SAD.</summary>
    public MotionVector Search(ReadOnlySpan<MotionVector> starts, int farLimit, out int sad)
    {
        var best = default(MotionVector);
        var bestCost = int.MaxValue;
        foreach (var start in starts)
        {
            Try(WholePixel(start), ref best, ref bestCost);
        }

        // Nothing near fits: look further away in shrinking steps before walking downhill.
        if (bestCost > farLimit)
        {
            for (var step = 16; step >= 4; step >>= 1)
            {
                Walk(step * 4, 2, ref best, ref bestCost);
            }
        }

        Walk(8, MaxRounds, ref best, ref bestCost);
        Walk(4, MaxRounds, ref best, ref bestCost);
        Refine(2, ref best, ref bestCost);
        Refine(1, ref best, ref bestCost);
        sad = bestCost == int.MaxValue ? int.MaxValue : bestCost - VectorCost(best);
        return best;
    }

    private MotionVector WholePixel(MotionVector vector) =>
        new MotionVector((short)((vector.Row + 2) & ~3), (short)((vector.Column + 2) & ~3)).Clamp(_bounds);

    private int VectorCost(MotionVector vector) => _quantizers.SadOf(Costs.Of(vector, _predicted));

    private void Try(MotionVector vector, ref MotionVector best, ref int bestCost)
    {
        if (vector.Row < _bounds.MinRow || vector.Row > _bounds.MaxRow || vector.Column < _bounds.MinColumn || vector.Column > _bounds.MaxColumn
            || !VectorCosts.CanExpress(vector, _predicted))
        {
            return;
        }

        var cost = VectorCost(vector);
        if (cost >= bestCost)
        {
            return;
        }

        cost += SadAt(vector);
        if (cost < bestCost)
        {
            (best, bestCost) = (vector, cost);
        }
    }

    // Steps to the best of four neighbours for as long as that helps, remembering where it came from.
    private void Walk(int step, int rounds, ref MotionVector best, ref int bestCost)
    {
        var from = default(MotionVector);
        var hasFrom = false;
        for (var round = 0; round < rounds; round++)
        {
            var center = best;
            for (var i = 0; i < 4; i++)
            {
                var candidate = Offset(center, i, step);
                if (!hasFrom || candidate != from)
                {
                    Try(candidate, ref best, ref bestCost);
                }
            }

            if (best == center)
            {
                return;
            }

            (from, hasFrom) = (center, true);
        }
    }

    // Four neighbours at half or quarter pixels, then the diagonal between the better ones.
    private void Refine(int step, ref MotionVector best, ref int bestCost)
    {
        var center = best;
        Span<int> costs = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            costs[i] = CostAt(Offset(center, i, step), ref best, ref bestCost);
        }

        var row = center.Row + (costs[0] < costs[1] ? -step : step);
        var column = center.Column + (costs[2] < costs[3] ? -step : step);
        Try(new MotionVector((short)row, (short)column), ref best, ref bestCost);
    }

    private int CostAt(MotionVector vector, ref MotionVector best, ref int bestCost)
    {
        if (vector.Row < _bounds.MinRow || vector.Row > _bounds.MaxRow || vector.Column < _bounds.MinColumn || vector.Column > _bounds.MaxColumn
            || !VectorCosts.CanExpress(vector, _predicted))
        {
            return int.MaxValue;
        }

        var cost = VectorCost(vector) + SadAt(vector);
        if (cost < bestCost)
        {
            (best, bestCost) = (vector, cost);
        }

        return cost;
    }

    private static MotionVector Offset(MotionVector center, int direction, int step) => direction switch
    {
        0 => new((short)(center.Row - step), center.Column),
        1 => new((short)(center.Row + step), center.Column),
        2 => new(center.Row, (short)(center.Column - step)),
        _ => new(center.Row, (short)(center.Column + step)),
    };
}
