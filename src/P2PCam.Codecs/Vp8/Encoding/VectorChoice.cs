using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Chooses the vector of a macroblock: none, a neighbour's, or one that is searched for, which the one of the frame before is a good start for. Leaves
/// <paramref name="search"/> set to the macroblock.
/// </summary>
internal sealed unsafe class VectorChoice(FrameState state, MotionSearch search)
{
    /// <summary>The best way found to predict the macroblock with one vector, and its cost as a sum of absolute differences.</summary>
    public int Choose(
        in MacroblockPlace place, FrameBuffer last, FrameQuantizers quantizers, in NeighborVectors neighbors, in MotionBounds bounds,
        out MacroblockMode mode, out MotionVector vector)
    {
        var index = (place.Row * state.Columns) + place.Column;
        ref var previous = ref state.PreviousVectors[index];
        var cost = Choose(place, last, quantizers, neighbors, bounds, previous, ref state.PreviousSads[index], out mode, out vector);
        previous = vector;
        return cost;
    }

    private int Choose(
        in MacroblockPlace place, FrameBuffer last, FrameQuantizers quantizers, in NeighborVectors neighbors, in MotionBounds bounds,
        MotionVector previous, ref int previousSad, out MacroblockMode mode, out MotionVector vector)
    {
        Span<int> modeCosts = stackalloc int[4];
        ModeCosts(neighbors, quantizers, modeCosts);
        search.Begin(place.SourceY, place.SourceStrideY, last.Y, place.Column * 16, place.Row * 16, neighbors.Best, bounds, quantizers);
        (mode, vector) = (MacroblockMode.ZeroMv, default);
        var zeroSad = search.SadAt(default);
        var best = zeroSad + modeCosts[0];
        var isStill = IsStill(place, neighbors, previous, zeroSad, previousSad);
        previousSad = zeroSad;
        if (isStill || !Worthwhile.Vectors(zeroSad, quantizers.Luma.AcStep))
        {
            return best;
        }

        TryNeighbor(neighbors.Nearest, MacroblockMode.NearestMv, modeCosts[1], ref best, ref mode, ref vector);
        if (neighbors.Near != neighbors.Nearest)
        {
            TryNeighbor(neighbors.Near, MacroblockMode.NearMv, modeCosts[2], ref best, ref mode, ref vector);
        }

        if (!Worthwhile.Vectors(best, quantizers.Luma.AcStep))
        {
            return best;
        }

        var found = search.Search(vector, previous, 256 * 10, out var sad);
        if (sad == int.MaxValue)
        {
            return best;
        }

        var cost = sad + modeCosts[3] + quantizers.SadOf(search.Costs.Of(found, neighbors.Best));
        if (cost < best && !found.IsZero && found != neighbors.Nearest && found != neighbors.Near)
        {
            (best, mode, vector) = (cost, MacroblockMode.NewMv, found);
        }

        return best;
    }

    // Nothing moved here or next to it, and the macroblock is as like the last picture as it was: what differs is noise. Every eighth frame it is looked at again.
    private bool IsStill(in MacroblockPlace place, in NeighborVectors neighbors, MotionVector previous, int sad, int previousSad) =>
        previous.IsZero && neighbors.Nearest.IsZero && neighbors.Near.IsZero
        && sad <= previousSad + (previousSad >> 3) + 32 && ((place.Row + place.Column + state.FrameNumber) & 7) != 0;

    private void TryNeighbor(MotionVector candidate, MacroblockMode candidateMode, int modeCost, ref int best, ref MacroblockMode mode, ref MotionVector vector)
    {
        if (candidate.IsZero)
        {
            return;
        }

        var cost = search.SadAt(candidate) + modeCost;
        if (cost < best)
        {
            (best, mode, vector) = (cost, candidateMode, candidate);
        }
    }

    // Zero, nearest, near, new: one bit more down the tree each.
    private static void ModeCosts(in NeighborVectors neighbors, FrameQuantizers quantizers, Span<int> costs)
    {
        var path = 0;
        for (var i = 0; i < 4; i++)
        {
            var p = neighbors.ModeProbability(i);
            costs[i] = quantizers.SadOf(path + BitCost.Zero(p));
            path += BitCost.Of(true, p);
        }
    }
}
