using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Chooses how a macroblock of an inter frame is predicted, and codes it.</summary>
internal sealed unsafe class InterCoder
{
    // What naming a second picture costs, about: few macroblocks do.
    private const int SecondCost = 5 * BitCost.One;

    // What an intra macroblock costs beside its luma mode, about, and what several vectors must be worth beside theirs: there is no Y2 then.
    private const int IntraCost = 6 * BitCost.One;
    private const int SplitCost = 6 * BitCost.One;

    private readonly FrameState _state;
    private readonly MacroblockCoder _coder;
    private readonly IntraCoder _intra;
    private readonly MotionSearch _search = new();
    private readonly VectorChoice _vectors;
    private readonly SplitSearch _splits;

    public InterCoder(FrameState state, MacroblockCoder coder, IntraCoder intra)
    {
        (_state, _coder, _intra) = (state, coder, intra);
        _vectors = new VectorChoice(state, _search);
        _splits = new SplitSearch(state, _search);
    }

    /// <summary>Takes over the costs that follow from the frame's starting probabilities, and how far the picture as a whole has jumped.</summary>
    public void BeginFrame(FrameProbabilities probabilities, MotionVector scroll)
    {
        _search.Scroll = scroll;
        _search.Costs.Build(probabilities.Vectors);
    }

    /// <summary>Decides, predicts and codes one macroblock; false where it has no coefficients.</summary>
    public bool Code(in MacroblockPlace place, in FrameReferences references, FrameQuantizers quantizers, FrameQuantizers fineQuantizers)
    {
        ref var info = ref _state.Info(place.Column, place.Row);
        var bounds = MotionBounds.For(place.Row, place.Column, _state.Rows, _state.Columns);
        var neighbors = _state.Neighbors(place.Column, place.Row, bounds);
        var picture = references.Picture;
        var cost = _vectors.Choose(place, picture, quantizers, neighbors, bounds, out var mode, out var vector);
        info = new MacroblockInfo { Mode = mode, Reference = references.Kind, Vector = vector };
        if (references.Second is { } second && TrySecond(second, quantizers, neighbors, ref cost))
        {
            picture = second;
            info = new MacroblockInfo { Mode = MacroblockMode.ZeroMv, Reference = references.SecondKind };
        }

        // All else is worth a look only where no vector fits well.
        var step = quantizers.Luma.AcStep;
        if (Worthwhile.Parts(cost, step) && picture == references.Picture && TrySplit(place, vector, neighbors, quantizers, ref cost))
        {
            info = new MacroblockInfo { Mode = MacroblockMode.SplitMv, Reference = references.Kind, Vector = _state.SplitVectors[(Index(place) * 16) + 15] };
        }

        if (!IsIntraWorthwhile(cost, step) || !TryIntra(place, quantizers, cost, ref info))
        {
            CodeInter(place, picture, info, info.Reference == references.Kind, quantizers, fineQuantizers);
        }

        return _coder.RecordTokens(place.Column, hasY2: info.Mode is not (MacroblockMode.Subblocks or MacroblockMode.SplitMv));
    }

    private bool IsIntraWorthwhile(int cost, int step) => Worthwhile.IntraAnyway(cost, step) || Worthwhile.Intra(cost, _search.Unevenness());

    private int Index(in MacroblockPlace place) => (place.Row * _state.Columns) + place.Column;

    private void CodeInter(
        in MacroblockPlace place, FrameBuffer picture, in MacroblockInfo info, bool isFirst, FrameQuantizers quantizers, FrameQuantizers fineQuantizers)
    {
        var index = Index(place);
        var isStill = info.Mode == MacroblockMode.ZeroMv;
        if (_state.Refinement.Decide(index, isStill && isFirst, quantizers))
        {
            quantizers = fineQuantizers;
        }

        if (info.Mode == MacroblockMode.SplitMv)
        {
            InterPrediction.PredictParts(place, picture, _state.SplitLayouts[index], _state.SplitVectors.AsSpan(index * 16, 16));
            _coder.CodeParts(place.SourceY, place.SourceStrideY, place.TargetY, place.TargetStrideY, quantizers);
        }
        else
        {
            InterPrediction.Predict(place, picture, info.Vector);
            _coder.CodeLuma(place.SourceY, place.SourceStrideY, place.TargetY, place.TargetStrideY, quantizers, isStill);
        }

        _coder.CodeChroma(place, quantizers, isStill);
    }

    // The second picture serves what comes into view again, at the same place.
    private bool TrySecond(FrameBuffer second, FrameQuantizers quantizers, in NeighborVectors neighbors, ref int cost)
    {
        if (!Worthwhile.Second(cost, quantizers.Luma.AcStep))
        {
            return false;
        }

        var other = _search.StillSad(second.Y) + quantizers.SadOf(BitCost.Zero(neighbors.ModeProbability(0)) + SecondCost);
        var isBetter = other < cost;
        cost = Math.Min(cost, other);
        return isBetter;
    }

    // Things that move apart within the macroblock.
    private bool TrySplit(in MacroblockPlace place, MotionVector vector, in NeighborVectors neighbors, FrameQuantizers quantizers, ref int cost)
    {
        var modeCost = SplitCost;
        for (var i = 0; i < 4; i++)
        {
            modeCost += BitCost.Of(true, neighbors.ModeProbability(i));
        }

        modeCost = quantizers.SadOf(modeCost);
        var partsCost = cost - modeCost;
        var isBetter = _splits.Try(place, vector, neighbors, quantizers, ref partsCost);
        cost = isBetter ? partsCost + modeCost : cost;
        return isBetter;
    }

    // What came from nowhere; where it has sharp edges, by subblocks. Of these only coding tells what they cost; where that is too much, luma is coded again.
    private bool TryIntra(in MacroblockPlace place, FrameQuantizers quantizers, int cost, ref MacroblockInfo info)
    {
        var intraCost = quantizers.SadOf(IntraCost);
        var mode = _intra.ChooseLuma(place, quantizers, out var wholeCost);
        var best = Math.Min(cost, wholeCost + intraCost);
        if (Worthwhile.Subblocks(best, quantizers.Luma.AcStep) && _intra.CodeSubblocks(place, quantizers, best - intraCost) < best - intraCost)
        {
            mode = MacroblockMode.Subblocks;
        }
        else if (best < cost)
        {
            _intra.CodeLuma(place, mode, quantizers);
        }
        else
        {
            return false;
        }

        _state.Refinement.Pass(Index(place));
        info = new MacroblockInfo { Mode = mode, ChromaMode = _intra.CodeChroma(place, quantizers), Reference = ReferenceKind.Intra };
        return true;
    }
}
