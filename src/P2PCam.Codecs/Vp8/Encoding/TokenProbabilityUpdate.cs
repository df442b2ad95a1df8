using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Chooses and writes which coefficient probabilities a frame changes (RFC 6386 section 13.4).</summary>
internal static class TokenProbabilityUpdate
{
    /// <summary>Changes each entry of <paramref name="probabilities"/> where that saves more than it costs, and writes the changes.</summary>
    public static void Write(BoolEncoder output, ReadOnlySpan<int> counts, Span<byte> probabilities)
    {
        Span<int> zeros = stackalloc int[CoefficientProbabilities.Nodes];
        Span<int> ones = stackalloc int[CoefficientProbabilities.Nodes];
        var updates = CoefficientProbabilities.Update;
        for (var context = 0; context < TokenBuffer.ContextCount; context++)
        {
            CountBranches(counts.Slice(context * TokenBuffer.CountsPerContext, TokenBuffer.CountsPerContext), zeros, ones);
            for (var node = 0; node < CoefficientProbabilities.Nodes; node++)
            {
                var index = (context * CoefficientProbabilities.Nodes) + node;
                var (old, wanted) = (probabilities[index], Best(zeros[node], ones[node]));
                var saved = Cost(zeros[node], ones[node], old) - Cost(zeros[node], ones[node], wanted);
                var price = (8 * BitCost.One) + BitCost.Of(true, updates[index]) - BitCost.Zero(updates[index]);
                var change = saved > price;
                output.Write(change, updates[index]);
                if (change)
                {
                    output.WriteLiteral(wanted, 8);
                    probabilities[index] = wanted;
                }
            }
        }
    }

    /// <summary>The probability of 0 that suits what was counted; 128 where nothing was.</summary>
    public static byte Best(int zeros, int ones) =>
        zeros + ones == 0 ? (byte)128 : (byte)Math.Clamp((((long)zeros * 256) + ((zeros + ones) / 2)) / (zeros + ones), 1, 255);

    public static long Cost(int zeros, int ones, int probability) =>
        ((long)zeros * BitCost.Zero(probability)) + ((long)ones * BitCost.Of(true, probability));

    private static void CountBranches(ReadOnlySpan<int> counts, Span<int> zeros, Span<int> ones)
    {
        Span<int> tokens = stackalloc int[TokenTables.TokenCount];
        for (var i = 0; i < TokenTables.TokenCount; i++)
        {
            tokens[i] = counts[i] + counts[i + TokenTables.TokenCount];
        }

        var afterNonZero = 0;
        for (var i = 0; i < TokenTables.EndOfBlock; i++)
        {
            afterNonZero += counts[i];
        }

        var small = tokens[2] + tokens[3] + tokens[4];
        var (cat12, cat34, cat56) = (tokens[5] + tokens[6], tokens[7] + tokens[8], tokens[9] + tokens[10]);
        var large = cat12 + cat34 + cat56;
        (zeros[0], ones[0]) = (tokens[TokenTables.EndOfBlock], afterNonZero);
        (zeros[1], ones[1]) = (tokens[0], tokens[1] + small + large);
        (zeros[2], ones[2]) = (tokens[1], small + large);
        (zeros[3], ones[3]) = (small, large);
        (zeros[4], ones[4]) = (tokens[2], tokens[3] + tokens[4]);
        (zeros[5], ones[5]) = (tokens[3], tokens[4]);
        (zeros[6], ones[6]) = (cat12, cat34 + cat56);
        (zeros[7], ones[7]) = (tokens[5], tokens[6]);
        (zeros[8], ones[8]) = (cat34, cat56);
        (zeros[9], ones[9]) = (tokens[7], tokens[8]);
        (zeros[10], ones[10]) = (tokens[9], tokens[10]);
    }
}
