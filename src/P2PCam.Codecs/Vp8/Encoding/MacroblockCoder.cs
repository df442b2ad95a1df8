using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Codes what a macroblock's prediction left over: transform, quantize, reconstruct in place over the prediction, record tokens.
/// </summary>
internal sealed unsafe class MacroblockCoder
{
    private const int BlockCount = 25;
    private const int Y2Block = 24;

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
    public void CodeLuma(byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers)
    {
        for (var i = 0; i < 16; i += 2)
        {
            var (x, y) = ((i & 3) * 4, (i >> 2) * 4);
            ForwardTransform.Pair(source + (y * sourceStride) + x, sourceStride, target + (y * targetStride) + x, targetStride, _coefficients + (i * 16));
        }

        var y2 = _coefficients + (Y2Block * 16);
        ForwardTransform.WalshHadamard(_coefficients, y2);
        _ends[Y2Block] = quantizers.Y2.Quantize(y2, _levels + (Y2Block * 16));
        var quantizer = quantizers.Luma;
        for (var i = 0; i < 16; i++)
        {
            _coefficients[i * 16] = 0;
            _ends[i] = quantizer.Quantize(_coefficients + (i * 16), _levels + (i * 16));
        }

        if (_ends[Y2Block] > 0)
        {
            InverseTransform.WalshHadamard(y2, _coefficients);
        }

        for (var i = 0; i < 16; i += 2)
        {
            if ((_ends[i] | _ends[i + 1]) != 0 || _coefficients[i * 16] != 0 || _coefficients[(i + 1) * 16] != 0)
            {
                InverseTransform.AddPair(_coefficients + (i * 16), target + ((i >> 2) * 4 * targetStride) + ((i & 3) * 4), targetStride);
            }
        }
    }

    /// <summary>One luma subblock with its own DC.</summary>
    public void CodeSubblock(int index, byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers)
    {
        var coefficients = _coefficients + (index * 16);
        ForwardTransform.Scalar(source, sourceStride, target, targetStride, coefficients);
        _ends[index] = quantizers.Luma.Quantize(coefficients, _levels + (index * 16));
        if (_ends[index] > 0)
        {
            InverseTransform.AddScalar(coefficients, target, targetStride);
        }
    }

    /// <summary>One chroma plane; <paramref name="firstBlock"/> is 16 for U, 20 for V.</summary>
    public void CodeChroma(int firstBlock, byte* source, int sourceStride, byte* target, int targetStride, FrameQuantizers quantizers)
    {
        var quantizer = quantizers.Chroma;
        for (var i = 0; i < 4; i += 2)
        {
            var block = firstBlock + i;
            var coefficients = _coefficients + (block * 16);
            var place = target + (i * 2 * targetStride);
            ForwardTransform.Pair(source + (i * 2 * sourceStride), sourceStride, place, targetStride, coefficients);
            _ends[block] = quantizer.Quantize(coefficients, _levels + (block * 16));
            _ends[block + 1] = quantizer.Quantize(coefficients + 16, _levels + ((block + 1) * 16));
            if ((_ends[block] | _ends[block + 1]) != 0)
            {
                InverseTransform.AddPair(coefficients, place, targetStride);
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

    private void Record(int block, int first, int type, ref byte above, ref byte left)
    {
        Tokens.Record(_levels + (block * 16), first, _ends[block], type, above + left);
        above = left = (byte)(_ends[block] > 0 ? 1 : 0);
    }
}
