using System.Runtime.CompilerServices;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// A frame's coefficient tokens in coding order, held back until the frame's probabilities are chosen, and how often each occurred in
/// each context (RFC 6386 section 13).
/// </summary>
internal sealed unsafe class TokenBuffer
{
    public const int ContextCount = CoefficientProbabilities.BlockTypes * CoefficientProbabilities.Bands * CoefficientProbabilities.Contexts;

    // Tokens after a zero cannot be the end of the block and are counted apart, TokenCount further on.
    public const int CountsPerContext = 2 * TokenTables.TokenCount;

    private const int MaxTokensPerMacroblock = 25 * 16 * 2;

    // Entry: bits 0-3 token, 4 no end-of-block bit, 5-11 context, 12 sign, 13-24 extra bits.
    private uint[] _tokens = new uint[16384];
    private int _length;

    public int[] Counts { get; } = new int[ContextCount * CountsPerContext];

    public void Reset()
    {
        _length = 0;
        Array.Clear(Counts);
    }

    /// <summary>Makes room, so that recording a macroblock needs no check.</summary>
    public void EnsureMacroblock()
    {
        if (_tokens.Length - _length < MaxTokensPerMacroblock)
        {
            Array.Resize(ref _tokens, _tokens.Length * 2);
        }
    }

    /// <summary>Records one block of levels in raster order whose last non-zero in zigzag order is at <paramref name="end"/> - 1.</summary>
    public void Record(short* levels, int first, int end, int type, int context)
    {
        var zigZag = TokenTables.ZigZag;
        var bands = TokenTables.Bands;
        var noEnd = 0;
        var typeBase = type * CoefficientProbabilities.Bands;
        for (var i = first; i < end; i++)
        {
            int level = levels[zigZag[i]];
            var index = ((typeBase + bands[i]) * 3) + context;
            var magnitude = Math.Abs(level);
            if (magnitude == 0)
            {
                Add(TokenTables.Zero, noEnd, index, 0, 0);
                (noEnd, context) = (1, 0);
                continue;
            }

            var token = magnitude <= 4 ? magnitude : Category(magnitude);
            var extra = magnitude <= 4 ? 0 : magnitude - TokenTables.CategoryBase[token - TokenTables.Category1];
            Add(token, noEnd, index, level < 0 ? 1 : 0, extra);
            (noEnd, context) = (0, magnitude == 1 ? 1 : 2);
        }

        if (end < 16)
        {
            Add(TokenTables.EndOfBlock, 0, ((typeBase + bands[Math.Max(end, first)]) * 3) + context, 0, 0);
        }
    }

    /// <summary>Writes all tokens with the frame's probabilities.</summary>
    public void Write(BoolEncoder output, ReadOnlySpan<byte> probabilities)
    {
        foreach (var entry in _tokens.AsSpan(0, _length))
        {
            var token = (int)(entry & 15);
            var p = probabilities.Slice((int)((entry >> 5) & 127) * CoefficientProbabilities.Nodes, CoefficientProbabilities.Nodes);
            if ((entry & 16) == 0)
            {
                output.Write(token != TokenTables.EndOfBlock, p[0]);
                if (token == TokenTables.EndOfBlock)
                {
                    continue;
                }
            }

            output.Write(token != TokenTables.Zero, p[1]);
            if (token == TokenTables.Zero)
            {
                continue;
            }

            output.Write(token != TokenTables.One, p[2]);
            if (token != TokenTables.One)
            {
                WriteLarge(output, token, p, (int)((entry >> 13) & 4095));
            }

            output.Write(((entry >> 12) & 1) != 0, 128);
        }
    }

    private static void WriteLarge(BoolEncoder output, int token, ReadOnlySpan<byte> p, int extra)
    {
        output.Write(token > TokenTables.Four, p[3]);
        if (token <= TokenTables.Four)
        {
            output.Write(token > 2, p[4]);
            if (token > 2)
            {
                output.Write(token > 3, p[5]);
            }

            return;
        }

        var category = token - TokenTables.Category1 + 1;
        output.Write(category > 2, p[6]);
        if (category <= 2)
        {
            output.Write(category == 2, p[7]);
        }
        else
        {
            output.Write(category > 4, p[8]);
            output.Write((category & 1) == 0, p[category > 4 ? 10 : 9]);
        }

        var bits = TokenTables.CategoryBits(category);
        for (var i = 0; i < bits.Length; i++)
        {
            output.Write(((extra >> (bits.Length - 1 - i)) & 1) != 0, bits[i]);
        }
    }

    private static int Category(int magnitude) => magnitude switch
    {
        <= 6 => TokenTables.Category1,
        <= 10 => TokenTables.Category1 + 1,
        <= 18 => TokenTables.Category1 + 2,
        <= 34 => TokenTables.Category1 + 3,
        <= 66 => TokenTables.Category1 + 4,
        _ => TokenTables.Category6,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int token, int noEnd, int index, int sign, int extra)
    {
        Counts[(index * CountsPerContext) + (noEnd * TokenTables.TokenCount) + token]++;
        _tokens[_length++] = (uint)(token | (noEnd << 4) | (index << 5) | (sign << 12) | (extra << 13));
    }
}
