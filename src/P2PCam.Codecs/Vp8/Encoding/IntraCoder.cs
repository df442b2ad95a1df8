using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Chooses intra modes by absolute differences and codes a macroblock with them.</summary>
internal sealed unsafe class IntraCoder
{
    private readonly FrameState _state;
    private readonly MacroblockCoder _coder;
    private readonly byte[] _memory = GC.AllocateArray<byte>(512, pinned: true);
    private readonly byte* _scratch;
    private readonly int[] _lumaCosts = new int[5];
    private bool _isKeyFrame;

    public IntraCoder(FrameState state, MacroblockCoder coder)
    {
        (_state, _coder) = (state, coder);
        _scratch = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
    }

    /// <summary>Takes over the mode costs of a frame.</summary>
    public void BeginFrame(bool isKeyFrame, FrameProbabilities probabilities)
    {
        _isKeyFrame = isKeyFrame;
        for (var mode = 0; mode < 5; mode++)
        {
            _lumaCosts[mode] = isKeyFrame
                ? TreePath.Cost(Trees.KeyLumaMode, ModeProbabilities.KeyLuma, mode)
                : TreePath.Cost(Trees.LumaMode, probabilities.LumaModes, mode);
        }
    }

    /// <summary>The best of the four whole-block luma modes, and its cost as a sum of absolute differences.</summary>
    public MacroblockMode ChooseLuma(in MacroblockPlace place, FrameQuantizers quantizers, out int cost)
    {
        var (best, bestCost) = (MacroblockMode.Dc, int.MaxValue);
        var target = place.TargetY;
        for (var mode = MacroblockMode.Dc; mode <= MacroblockMode.TrueMotion; mode++)
        {
            IntraPrediction.Predict(target, place.TargetStrideY, _scratch, 16, 16, mode, place.Row > 0, place.Column > 0);
            var candidate = BlockMetrics.Sad16(place.SourceY, place.SourceStrideY, _scratch, 16) + quantizers.SadOf(_lumaCosts[(int)mode]);
            if (candidate < bestCost)
            {
                (best, bestCost) = (mode, candidate);
            }
        }

        cost = bestCost;
        return best;
    }

    /// <summary>Codes luma with a whole-block mode.</summary>
    public void CodeLuma(in MacroblockPlace place, MacroblockMode mode, FrameQuantizers quantizers)
    {
        IntraPrediction.Predict(place.TargetY, place.TargetStrideY, place.TargetY, place.TargetStrideY, 16, mode, place.Row > 0, place.Column > 0);
        _coder.CodeLuma(place.SourceY, place.SourceStrideY, place.TargetY, place.TargetStrideY, quantizers);
    }

    /// <summary>
    /// Codes luma as sixteen subblocks, each with its own mode. Returns the cost, or <see cref="int.MaxValue"/> as soon as it exceeds
    /// <paramref name="limit"/>; the macroblock's luma is then to be coded again.
    /// </summary>
    public int CodeSubblocks(in MacroblockPlace place, FrameQuantizers quantizers, int limit)
    {
        var aboveRight = stackalloc byte[4];
        var right = place.TargetY - place.TargetStrideY + 16;
        for (var i = 0; i < 4; i++)
        {
            // Beyond the right edge the last pixel above repeats; above the picture all is 127.
            aboveRight[i] = place.Row > 0 && place.Column == _state.Columns - 1 ? right[-1] : right[i];
        }

        var total = quantizers.SadOf(_lumaCosts[(int)MacroblockMode.Subblocks]);
        var edgeMemory = stackalloc byte[16];
        var edge = edgeMemory + 4;
        for (var i = 0; i < 16; i++)
        {
            var (x, y) = ((i & 3) * 4, (i >> 2) * 4);
            var target = place.TargetY + (y * place.TargetStrideY) + x;
            var source = place.SourceY + (y * place.SourceStrideY) + x;
            SubblockPrediction.GatherEdge(target, place.TargetStrideY, x == 12 ? aboveRight : target - place.TargetStrideY + 4, edge);
            var costs = _isKeyFrame
                ? SubblockModeCosts.Key(_state.SubblockModeAbove(place.Column, place.Row, i), _state.SubblockModeLeft(place.Column, place.Row, i))
                : SubblockModeCosts.Inter;
            var mode = ChooseSubblock(edge, source, place.SourceStrideY, costs, quantizers, out var cost);
            _state.SubblockModes[(((place.Row * _state.Columns) + place.Column) * 16) + i] = (byte)mode;
            total += cost;
            if (total >= limit)
            {
                return int.MaxValue;
            }

            SubpelFilter.Copy(_scratch + ((int)mode * SubblockCandidates.Size), 4, target, place.TargetStrideY, 4, 4);
            _coder.CodeSubblock(i, source, place.SourceStrideY, target, place.TargetStrideY, quantizers);
        }

        return total;
    }

    /// <summary>
    /// Chooses the chroma mode and codes both planes. Bits for the mode don't count: most of chroma's errors are below a quantizer step, so that they last, and
    /// neighbours are predicted from them.
    /// </summary>
    public MacroblockMode CodeChroma(in MacroblockPlace place, FrameQuantizers quantizers)
    {
        var (best, bestError) = (MacroblockMode.Dc, int.MaxValue);
        for (var mode = MacroblockMode.Dc; mode <= MacroblockMode.TrueMotion; mode++)
        {
            // U and V side by side in rows of 16, so that one pass compares either.
            PredictChroma(place, mode, _scratch, _scratch + 8, 16);
            var error = BlockMetrics.Sse(place.SourceU, place.SourceStrideC, _scratch, 16, 8, 8)
                + BlockMetrics.Sse(place.SourceV, place.SourceStrideC, _scratch + 8, 16, 8, 8);
            if (error < bestError)
            {
                (best, bestError) = (mode, error);
            }
        }

        PredictChroma(place, best, place.TargetU, place.TargetV, place.TargetStrideC);
        _coder.CodeChroma(place, quantizers);
        return best;
    }

    private static void PredictChroma(in MacroblockPlace place, MacroblockMode mode, byte* u, byte* v, int stride)
    {
        IntraPrediction.Predict(place.TargetU, place.TargetStrideC, u, stride, 8, mode, place.Row > 0, place.Column > 0);
        IntraPrediction.Predict(place.TargetV, place.TargetStrideC, v, stride, 8, mode, place.Row > 0, place.Column > 0);
    }

    // The prediction chosen is left at the returned mode's place in the scratch memory.
    private SubblockMode ChooseSubblock(
        byte* edge, byte* source, int sourceStride, ReadOnlySpan<ushort> modeCosts, FrameQuantizers quantizers, out int cost)
    {
        SubblockCandidates.Predict(edge, _scratch);
        var sads = stackalloc int[SubblockCandidates.Count];
        BlockMetrics.Sad4All(source, sourceStride, _scratch, SubblockCandidates.Count, sads);
        var best = 0;
        cost = int.MaxValue;
        for (var mode = 0; mode < SubblockCandidates.Count; mode++)
        {
            var candidate = sads[mode] + quantizers.SadOf(modeCosts[mode]);
            if (candidate < cost)
            {
                (best, cost) = (mode, candidate);
            }
        }

        return (SubblockMode)best;
    }
}
