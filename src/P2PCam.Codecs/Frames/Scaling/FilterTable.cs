namespace P2PCam.Codecs.Frames.Scaling;

/// <summary>
/// For each sample of a scaled line: which source samples it is made of and with what weights. Weights are fractions of
/// <see cref="One"/> and add up to it exactly, so that a flat area keeps its value.
/// </summary>
/// <remarks>
/// Sample i covers [i, i + 1) and its value stands at i + 0.5, in both sizes. A growing line takes the two nearest source samples by
/// distance (bilinear); a shrinking one takes all it covers, each by the covered length (box).
/// </remarks>
internal sealed class FilterTable
{
    public const int Precision = 14;
    public const int One = 1 << Precision;

    private readonly int[] _starts;
    private readonly short[] _weights;

    public FilterTable(int from, int to)
    {
        Taps = to >= from ? Math.Min(2, from) : Math.Min(from, ((from + to - 1) / to) + 1);
        _starts = new int[to];
        _weights = new short[to * Taps];
        for (var i = 0; i < to; i++)
        {
            var (low, high) = Reach(i, from, to);
            _starts[i] = Math.Min((int)Math.Floor(low), from - Taps);
            Distribute(_weights.AsSpan(i * Taps, Taps), _starts[i], low, high);
        }
    }

    /// <summary>Source samples per result.</summary>
    public int Taps { get; }

    public int Length => _starts.Length;

    /// <summary>The first source sample of a result.</summary>
    public int Start(int index) => _starts[index];

    public ReadOnlySpan<short> Weights(int index) => _weights.AsSpan(index * Taps, Taps);

    /// <summary>The stretch of the source line that a result is made of.</summary>
    private static (double Low, double High) Reach(int index, int from, int to)
    {
        var ratio = (double)from / to;
        if (to < from)
        {
            return (index * ratio, Math.Min((index + 1) * ratio, from));
        }

        var center = Math.Clamp(((index + 0.5) * ratio) - 0.5, 0, from - 1);
        return (center, center + 1);
    }

    private static void Distribute(Span<short> weights, int start, double low, double high)
    {
        // Rounding errors go to the heaviest tap, where they matter least.
        var (left, heaviest) = (One, 0);
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var covered = Math.Min(high, start + tap + 1) - Math.Max(low, start + tap);
            weights[tap] = (short)Math.Round(Math.Max(0, covered) / (high - low) * One);
            left -= weights[tap];
            heaviest = weights[tap] > weights[heaviest] ? tap : heaviest;
        }

        weights[heaviest] += (short)left;
    }
}
