using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Codes what a macroblock's prediction left over: transform, quantize, reconstruct in place over the prediction, record tokens.
/// </summary>
internal sealed unsafe class MacroblockCoder
{
    private const int BlockCount = 25;
    private const int Y2Block = 24;
    private const int FirstU = 16;
    private const int FirstV = 20;

    private readonly short[] _coefficientMemory = GC.AllocateArray<short>(BlockCount * 16, pinned: true);
    private readonly short[] _levelMemory = GC.AllocateArray<short>(BlockCount * 16, pinned: true);
    private readonly int[] _ends = new int[BlockCount];
    private readonly short* _coefficients;
    private readonly short* _levels;

    // Per column: four luma, two U, two V and one Y2 "has coefficients" flag; then the same for the left.
    private readonly byte[] _above;
    private readonly byte[] _left = new byte[9];

    public MacroblockCoder(FrameState state)
    {
        _above = state.CoefficientFlagsAbove;
        _coefficients = (short*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_coefficientMemory, 0);
        _levels = (short*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_levelMemory, 0);
    }

    public TokenBuffer Tokens { get; } = new();

    public void BeginFrame() => Tokens.ResetCounts();

    public void BeginRow(TokenRow tokens)
    {
        Tokens.BeginRow(tokens);
        Array.Clear(_left);
    }

    public void EndRow() => Tokens.EndRow();

    /// <summary>Luma predicted as a whole, DC by way of Y2. The prediction is in <paramref name="target"/> and becomes the reconstruction.</summary>
    public void CodeLuma(byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers, bool isStill = false)
    {
        for (var i = 0; i < 16; i += 4)
        {
            var from = source + (i * sourceStride);
            var to = target + (i * targetStride);
            ForwardTransform.Quad(from, from + 8, sourceStride, to, to + 8, targetStride, _coefficients + (i * 16), _coefficients + ((i + 2) * 16));
        }

        var y2 = _coefficients + (Y2Block * 16);
        ForwardTransform.WalshHadamard(_coefficients, y2);
        _ends[Y2Block] = quantizers.Y2.Quantize(y2, _levels + (Y2Block * 16));
        ref readonly var quantizer = ref isStill ? ref quantizers.StillLuma : ref quantizers.Luma;
        var any = _ends[Y2Block];
        for (var i = 0; i < 16; i++)
        {
            _coefficients[i * 16] = 0;
            any |= _ends[i] = quantizer.Quantize(_coefficients + (i * 16), _levels + (i * 16));
        }

        if (any != 0)
        {
            ReconstructLuma(target, targetStride);
        }
    }

    /// <summary>Luma predicted in parts, so that each subblock has its own DC.</summary>
    public void CodeParts(byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers)
    {
        ref readonly var quantizer = ref quantizers.Luma;
        for (var i = 0; i < 16; i += 4, source += 4 * sourceStride, target += 4 * targetStride)
        {
            var blocks = _coefficients + (i * 16);
            ForwardTransform.Quad(source, source + 8, sourceStride, target, target + 8, targetStride, blocks, blocks + 32);
            var any = 0;
            for (var k = 0; k < 4; k++)
            {
                any |= _ends[i + k] = quantizer.Quantize(blocks + (k * 16), _levels + ((i + k) * 16));
            }

            if (any != 0)
            {
                InverseTransform.AddQuad(blocks, blocks + 32, target, target + 8, targetStride);
            }
        }
    }

    /// <summary>One luma subblock with its own DC.</summary>
    public void CodeSubblock(int index, byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers)
    {
        var coefficients = _coefficients + (index * 16);
        ForwardTransform.One(source, sourceStride, target, targetStride, coefficients);
        _ends[index] = quantizers.Luma.Quantize(coefficients, _levels + (index * 16));
        if (_ends[index] > 0)
        {
            InverseTransform.AddOne(coefficients, target, targetStride);
        }
    }

    /// <summary>Both chroma planes.</summary>
    public void CodeChroma(in MacroblockPlace place, FrameQuantizers quantizers, bool isStill = false)
    {
        ref readonly var quantizer = ref isStill ? ref quantizers.StillChroma : ref quantizers.Chroma;
        for (var i = 0; i < 4; i += 2)
        {
            var u = _coefficients + ((FirstU + i) * 16);
            var v = _coefficients + ((FirstV + i) * 16);
            var (from, to) = (i * 2 * place.SourceStrideC, i * 2 * place.TargetStrideC);
            ForwardTransform.Quad(
                place.SourceU + from, place.SourceV + from, place.SourceStrideC, place.TargetU + to, place.TargetV + to, place.TargetStrideC, u, v);
            var any = 0;
            for (var k = 0; k < 2; k++)
            {
                any |= _ends[FirstU + i + k] = quantizer.Quantize(u + (k * 16), _levels + ((FirstU + i + k) * 16));
                any |= _ends[FirstV + i + k] = quantizer.Quantize(v + (k * 16), _levels + ((FirstV + i + k) * 16));
            }

            if (any != 0)
            {
                InverseTransform.AddQuad(u, v, place.TargetU + to, place.TargetV + to, place.TargetStrideC);
            }
        }
    }

    /// <summary>Records the tokens of the macroblock just coded. False, and nothing recorded, where no coefficient is left.</summary>
    public bool RecordTokens(int column, bool hasY2)
    {
        var any = hasY2 ? _ends[Y2Block] : 0;
        for (var i = 0; i < Y2Block; i++)
        {
            any |= _ends[i];
        }

        if (any == 0)
        {
            Skip(column, hasY2);
            return false;
        }

        var above = _above.AsSpan(column * 9, 9);
        Tokens.EnsureMacroblock();
        if (hasY2)
        {
            Record(Y2Block, 0, TokenTables.Y2, ref above[8], ref _left[8]);
        }

        var (first, type) = hasY2 ? (1, TokenTables.LumaAfterY2) : (0, TokenTables.LumaWithDc);
        for (var i = 0; i < 16; i++)
        {
            Record(i, first, type, ref above[i & 3], ref _left[i >> 2]);
        }

        for (var i = 16; i < Y2Block; i++)
        {
            var plane = 4 + ((i >> 2 & 1) * 2);
            Record(i, 0, TokenTables.Chroma, ref above[plane + (i & 1)], ref _left[plane + ((i >> 1) & 1)]);
        }

        return true;
    }

    /// <summary>The macroblock has no coefficients.</summary>
    public void Skip(int column, bool hasY2)
    {
        // The Y2 flag stays for the next macroblock that has a Y2 block (RFC 6386 section 13.3).
        var count = hasY2 ? 9 : 8;
        _above.AsSpan(column * 9, count).Clear();
        _left.AsSpan(0, count).Clear();
    }

    private void ReconstructLuma(byte* target, int targetStride)
    {
        if (_ends[Y2Block] > 0)
        {
            InverseTransform.WalshHadamard(_coefficients + (Y2Block * 16), _coefficients);
        }

        for (var i = 0; i < 16; i += 4, target += 4 * targetStride)
        {
            var blocks = _coefficients + (i * 16);
            if ((_ends[i] | _ends[i + 1] | _ends[i + 2] | _ends[i + 3]) != 0)
            {
                InverseTransform.AddQuad(blocks, blocks + 32, target, target + 8, targetStride);
            }
            else if (blocks[0] != 0 || blocks[16] != 0 || blocks[32] != 0 || blocks[48] != 0)
            {
                InverseTransform.AddDcPair(blocks[0], blocks[16], target, targetStride);
                InverseTransform.AddDcPair(blocks[32], blocks[48], target + 8, targetStride);
            }
        }
    }

    private void Record(int block, int first, int type, ref byte above, ref byte left)
    {
        Tokens.Record(_levels + (block * 16), first, _ends[block], type, above + left);
        above = left = (byte)(_ends[block] > 0 ? 1 : 0);
    }
}
