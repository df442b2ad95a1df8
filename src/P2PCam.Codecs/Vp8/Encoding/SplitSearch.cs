using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Looks whether halves or quarters of a macroblock are better off with vectors of their own (RFC 6386 section 16.4): all parts choose from the same few
/// vectors, those of the neighbours and one found around each quarter.
/// </summary>
internal sealed unsafe class SplitSearch(FrameState state, MotionSearch search)
{
    // Neighbours, the whole macroblock's, and one for each quarter.
    private const int MaxCandidates = 10;
    private const int Layouts = 3;

    // The share of what is left over, in percent, from which on a quarter is worth a vector of its own: measured.
    private const int Uneven = 35;

    private static readonly int[] LayoutCosts = [.. Enumerable.Range(0, Layouts).Select(layout => TreePath.Cost(SplitLayouts.Tree, SplitLayouts.TreeProbabilities, layout))];

    private readonly MotionVector[] _candidates = new MotionVector[MaxCandidates];

    // By candidate and quarter.
    private readonly int[] _sads = new int[MaxCandidates * 4];
    private readonly MotionVector[] _trial = new MotionVector[16];
    private int _count;

    /// <summary>
    /// Tries all layouts of the macroblock that the motion search is about. Where the best costs less than <paramref name="limit"/>, its vectors
    /// are set in the frame's state and true is returned.
    /// </summary>
    public bool Try(in MacroblockPlace place, MotionVector whole, in NeighborVectors neighbors, FrameQuantizers quantizers, ref int limit)
    {
        if (!GatherCandidates(place, whole, neighbors))
        {
            return false;
        }

        var found = false;
        for (var layout = 0; layout < Layouts; layout++)
        {
            var cost = Cost(place, layout, quantizers, limit);
            if (cost < limit)
            {
                (limit, found) = (cost, true);
                var index = (place.Row * state.Columns) + place.Column;
                state.SplitLayouts[index] = (byte)layout;
                _trial.CopyTo(state.SplitVectors, index * 16);
            }
        }

        return found;
    }

    // Where one vector fits all quarters alike, more are not worth the work.
    private bool GatherCandidates(in MacroblockPlace place, MotionVector whole, in NeighborVectors neighbors)
    {
        _count = 0;
        Add(whole);
        var quarters = _sads.AsSpan(0, 4);
        var sum = quarters[0] + quarters[1] + quarters[2] + quarters[3];
        var worst = Math.Max(Math.Max(quarters[0], quarters[1]), Math.Max(quarters[2], quarters[3]));
        if (_count == 0 || worst * 100 < sum * Uneven)
        {
            return false;
        }

        Add(neighbors.Nearest);
        Add(neighbors.Near);
        Add(state.VectorLeft(place.Column, place.Row, 0));
        Add(state.VectorAbove(place.Column, place.Row, 3));
        Add(default);
        Span<MotionVector> starts = stackalloc MotionVector[4];
        for (var quarter = 0; quarter < 4; quarter++)
        {
            starts[quarter] = BestOf(quarter);
        }

        for (var quarter = 0; quarter < 4; quarter++)
        {
            if (quarters[quarter] * 100 >= sum * Uneven)
            {
                Add(search.AroundQuarter(quarter, starts[quarter]));
            }
        }

        return _count > 1;
    }

    private void Add(MotionVector vector)
    {
        if (!search.IsAllowed(vector) || _candidates.AsSpan(0, _count).Contains(vector))
        {
            return;
        }

        _candidates[_count] = vector;
        search.SadQuarters(vector, _sads.AsSpan(_count * 4, 4));
        _count++;
    }

    private MotionVector BestOf(int quarter)
    {
        var best = 0;
        for (var i = 1; i < _count; i++)
        {
            best = _sads[(i * 4) + quarter] < _sads[(best * 4) + quarter] ? i : best;
        }

        return _candidates[best];
    }

    // Part after part, each with the candidate that is best for it.
    private int Cost(in MacroblockPlace place, int layout, FrameQuantizers quantizers, int limit)
    {
        var total = quantizers.SadOf(LayoutCosts[layout]);
        var parts = SplitLayouts.Parts(layout);
        var firstBlocks = SplitLayouts.FirstBlocks(layout);
        for (var part = 0; part < firstBlocks.Length && total < limit; part++)
        {
            int first = firstBlocks[part];
            var left = (first & 3) == 0 ? state.VectorLeft(place.Column, place.Row, first) : _trial[first - 1];
            var above = first < 4 ? state.VectorAbove(place.Column, place.Row, first) : _trial[first - 4];
            var probabilities = SplitLayouts.VectorProbabilities(left, above);
            var (best, vector) = (int.MaxValue, default(MotionVector));
            for (var i = 0; i < _count; i++)
            {
                var sads = _sads.AsSpan(i * 4, 4);
                var sad = layout switch
                {
                    0 => sads[part * 2] + sads[(part * 2) + 1],
                    1 => sads[part] + sads[part + 2],
                    _ => sads[part],
                };
                if (sad < best)
                {
                    var cost = sad + quantizers.SadOf(PartVectors.Cost(_candidates[i], left, above, probabilities, search.Predicted, search.Costs));
                    (best, vector) = cost < best ? (cost, _candidates[i]) : (best, vector);
                }
            }

            total += best;
            for (var block = first; block < 16; block++)
            {
                _trial[block] = parts[block] == part ? vector : _trial[block];
            }
        }

        return total;
    }
}
