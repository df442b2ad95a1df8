using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What the modes of 4x4 luma subblocks cost, in 1/256 bit (RFC 6386 sections 11.3 and 16.1).</summary>
internal static class SubblockModeCosts
{
    private const int Modes = 10;

    private static readonly ushort[] KeyCosts = BuildKey();
    private static readonly ushort[] InterCosts = BuildInter();

    /// <summary>The ten costs in an inter frame.</summary>
    public static ReadOnlySpan<ushort> Inter => InterCosts;

    /// <summary>The ten costs in a key frame, given the modes of the subblocks above and to the left.</summary>
    public static ReadOnlySpan<ushort> Key(int above, int left) => KeyCosts.AsSpan(((above * Modes) + left) * Modes, Modes);

    private static ushort[] BuildInter()
    {
        var costs = new ushort[Modes];
        for (var mode = 0; mode < Modes; mode++)
        {
            costs[mode] = (ushort)TreePath.Cost(Trees.SubblockMode, SubblockModeProbabilities.Inter, mode);
        }

        return costs;
    }

    private static ushort[] BuildKey()
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
