using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What the modes of 4x4 luma subblocks cost in a key frame, in 1/256 bit (RFC 6386 section 11.3).</summary>
internal static class SubblockModeCosts
{
    private const int Modes = 10;

    private static readonly ushort[] Costs = Build();

    /// <summary>The ten costs, given the modes of the subblocks above and to the left.</summary>
    public static ReadOnlySpan<ushort> Key(int above, int left) => Costs.AsSpan(((above * Modes) + left) * Modes, Modes);

    private static ushort[] Build()
    {
        var costs = new ushort[Modes * Modes * Modes];
        for (var i = 0; i < costs.Length; i++)
        {
            var (above, left, mode) = (i / (Modes * Modes), i / Modes % Modes, i % Modes);
            costs[i] = (ushort)TreePath.Cost(Trees.SubblockMode, SubblockModeProbabilities.Key(above, left), mode);
        }

        return costs;
    }
}
