using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Chooses how a macroblock of an inter frame is predicted, and codes it.</summary>
internal sealed unsafe class InterCoder(FrameState state, MacroblockCoder coder, IntraCoder intra)
{
    // What a second picture must beat to be looked at, and what naming it costs, about: few macroblocks do.
    private const int SecondThreshold = 512;
    private const int SecondCost = 5 * BitCost.One;

    private readonly MotionSearch _search = new();

    // Vectors of the frame before, where it had any: good places to start a search.
    private readonly MotionVector[] _previous = state.PreviousVectors;

    private int _intraCost;

    /// <summary>Takes over the costs that follow from the frame's starting probabilities, and how far the picture as a whole has jumped.</summary>
    public void BeginFrame(FrameProbabilities probabilities, MotionVector scroll)
    {
        _search.Scroll = scroll;
        _search.Costs.Build(probabilities.Vectors);
        _intraCost = 6 * BitCost.One;
    }

    /// <summary>Decides, predicts and codes one macroblock; false where it has no coefficients.</summary>
    public bool Code(in MacroblockPlace place, in FrameReferences references, FrameQuantizers quantizers, FrameQuantizers fineQuantizers)
    {
        var picture = references.Picture;
        var index = (place.Row * state.Columns) + place.Column;
        ref var info = ref state.Info(place.Column, place.Row);
        ref var previous = ref _previous[index];
        var bounds = MotionBounds.For(place.Row, place.Column, state.Rows, state.Columns);
        var neighbors = state.Neighbors(place.Column, place.Row, bounds);
        ref var previousSad = ref state.PreviousSads[index];
        var cost = ChooseVector(place, picture, quantizers, neighbors, bounds, previous, ref previousSad, out var mode, out var vector);
        info = new MacroblockInfo { Mode = mode, Reference = references.Kind, Vector = vector };
        previous = vector;
        if (references.Second is { } second && TrySecond(second, quantizers, neighbors, ref cost))
        {
            (mode, vector, picture) = (MacroblockMode.ZeroMv, default, second);
            info = new MacroblockInfo { Mode = mode, Reference = references.SecondKind };
        }

        // Intra is worth a look only where no vector fits well.
        if (cost > quantizers.Luma.AcStep * 12 + 512)
        {
            var intraMode = intra.ChooseLuma(place, quantizers, out var intraCost);
            intraCost += quantizers.SadOf(_intraCost);
            var isIntra = intraCost < cost;
            cost = Math.Min(cost, intraCost);
            if (TrySubblocks(place, quantizers, cost))
            {
                state.Refinement.Pass(index);
                return CodeIntraChroma(place, MacroblockMode.Subblocks, quantizers, ref info);
            }

            if (isIntra)
            {
                state.Refinement.Pass(index);
                intra.CodeLuma(place, intraMode, quantizers);
                return CodeIntraChroma(place, intraMode, quantizers, ref info);
            }
        }

        if (state.Refinement.Decide(index, mode == MacroblockMode.ZeroMv && picture == references.Picture, quantizers))
        {
            quantizers = fineQuantizers;
        }

        Predict(place, picture, vector);
        coder.CodeLuma(place.SourceY, place.SourceStrideY, place.TargetY, place.TargetStrideY, quantizers);
        coder.CodeChroma(place, quantizers);
        return coder.RecordTokens(place.Column, hasY2: true);
    }

    // The second picture serves what comes into view again, at the same place.
    private bool TrySecond(FrameBuffer second, FrameQuantizers quantizers, in NeighborVectors neighbors, ref int cost)
    {
        if (cost < SecondThreshold + (quantizers.Luma.AcStep * 4))
        {
            return false;
        }

        var other = _search.StillSad(second.Y) + quantizers.SadOf(BitCost.Zero(neighbors.ModeProbability(0)) + SecondCost);
        var isBetter = other < cost;
        cost = Math.Min(cost, other);
        return isBetter;
    }

    // Sharp edges that came from nowhere. Coding tells what it costs; where that is too much, the luma is coded again.
    private bool TrySubblocks(in MacroblockPlace place, FrameQuantizers quantizers, int cost)
    {
        var limit = cost - quantizers.SadOf(_intraCost);
        return cost > (quantizers.Luma.AcStep * 24) + 1024 && intra.CodeSubblocks(place, quantizers, limit) < limit;
    }

    private bool CodeIntraChroma(in MacroblockPlace place, MacroblockMode mode, FrameQuantizers quantizers, ref MacroblockInfo info)
    {
        info = new MacroblockInfo { Mode = mode, ChromaMode = intra.CodeChroma(place, quantizers), Reference = ReferenceKind.Intra };
        return coder.RecordTokens(place.Column, hasY2: mode != MacroblockMode.Subblocks);
    }

    private int ChooseVector(
        in MacroblockPlace place, FrameBuffer last, FrameQuantizers quantizers, in NeighborVectors neighbors, in MotionBounds bounds,
        MotionVector previous, ref int previousSad, out MacroblockMode mode, out MotionVector vector)
    {
        Span<int> modeCosts = stackalloc int[4];
        ModeCosts(neighbors, quantizers, modeCosts);
        _search.Begin(place.SourceY, place.SourceStrideY, last.Y, place.Column * 16, place.Row * 16, neighbors.Best, bounds, quantizers);
        (mode, vector) = (MacroblockMode.ZeroMv, default);
        var zeroSad = _search.SadAt(default);
        var best = zeroSad + modeCosts[0];
        var isStill = IsStill(place, neighbors, previous, zeroSad, previousSad);
        previousSad = zeroSad;
        if (isStill || zeroSad < 256 + (quantizers.Luma.AcStep * 4))
        {
            return best;
        }

        TryNeighbor(neighbors.Nearest, MacroblockMode.NearestMv, modeCosts[1], ref best, ref mode, ref vector);
        if (neighbors.Near != neighbors.Nearest)
        {
            TryNeighbor(neighbors.Near, MacroblockMode.NearMv, modeCosts[2], ref best, ref mode, ref vector);
        }

        if (best < 256 + (quantizers.Luma.AcStep * 4))
        {
            return best;
        }

        var found = _search.Search(vector, previous, 256 * 10, out var sad);
        if (sad == int.MaxValue)
        {
            return best;
        }

        var cost = sad + modeCosts[3] + quantizers.SadOf(_search.Costs.Of(found, neighbors.Best));
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

        var cost = _search.SadAt(candidate) + modeCost;
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

    private static void Predict(in MacroblockPlace place, FrameBuffer reference, MotionVector vector)
    {
        var (x, y) = ((place.Column * 16) + (vector.Column >> 2), (place.Row * 16) + (vector.Row >> 2));
        SubpelFilter.Predict(
            reference.Y.At(x, y), reference.Y.Stride, place.TargetY, place.TargetStrideY, 16, 16, (vector.Column & 3) * 2, (vector.Row & 3) * 2);

        // The same number counts eighths of a chroma pixel.
        (x, y) = ((place.Column * 8) + (vector.Column >> 3), (place.Row * 8) + (vector.Row >> 3));
        var (eighthX, eighthY) = (vector.Column & 7, vector.Row & 7);
        SubpelFilter.Predict(reference.U.At(x, y), reference.U.Stride, place.TargetU, place.TargetStrideC, 8, 8, eighthX, eighthY);
        SubpelFilter.Predict(reference.V.At(x, y), reference.V.Stride, place.TargetV, place.TargetStrideC, 8, 8, eighthX, eighthY);
    }
}
