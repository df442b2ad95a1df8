using System.Runtime.CompilerServices;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Records coefficient tokens row by row, held back until the frame's probabilities are chosen, and counts how often each occurred in
/// each context (RFC 6386 section 13).
/// </summary>
internal sealed unsafe class TokenBuffer
{
    public const int ContextCount = CoefficientProbabilities.BlockTypes * CoefficientProbabilities.Bands * CoefficientProbabilities.Contexts;

    // Tokens after a zero cannot be the end of the block and are counted apart, TokenCount further on.
    public const int CountsPerContext = 2 * TokenTables.TokenCount;

    private const int MaxTokensPerMacroblock = 25 * 16 * 2;

    private TokenRow _row = new();
    private uint[] _tokens = [];
    private int _length;

    public int[] Counts { get; } = new int[ContextCount * CountsPerContext];

    public void ResetCounts() => Array.Clear(Counts);

    /// <summary>From here on tokens go to <paramref name="row"/>, which is emptied.</summary>
    public void BeginRow(TokenRow row) => (_row, _tokens, _length) = (row, row.Entries, 0);

    public void EndRow() => (_row.Entries, _row.Length) = (_tokens, _length);

    /// <summary>Makes room, so that recording a macroblock needs no check.</summary>
    public void EnsureMacroblock()
    {
        if (_tokens.Length - _length < MaxTokensPerMacroblock)
        {
            Array.Resize(ref _tokens, (_tokens.Length * 2) + MaxTokensPerMacroblock);
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
