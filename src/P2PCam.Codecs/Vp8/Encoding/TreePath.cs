namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>The way from a tree's root to a leaf, found by looking at all nodes; the trees have at most nine.</summary>
internal static class TreePath
{
    /// <summary>The bits, first one most significant, and how many.</summary>
    public static (int Bits, int Count) Find(ReadOnlySpan<sbyte> tree, int leaf)
    {
        // A leaf is zero or negative; node 0 is never pointed at, so that 0 is a leaf as well.
        var index = tree.IndexOf((sbyte)-leaf);
        var (bits, count) = (0, 0);
        while (true)
        {
            bits |= (index & 1) << count++;
            var node = index & ~1;
            if (node == 0)
            {
                return (bits, count);
            }

            index = tree.IndexOf((sbyte)node);
        }
    }

    /// <summary>What the leaf costs in 1/256 bit.</summary>
    public static int Cost(ReadOnlySpan<sbyte> tree, ReadOnlySpan<byte> probabilities, int leaf)
    {
        var (bits, count) = Find(tree, leaf);
        var (cost, node) = (0, 0);
        while (count > 0)
        {
            var bit = (bits >> --count) & 1;
            cost += BitCost.Of(bit != 0, probabilities[node >> 1]);
            node = tree[node + bit];
        }

        return cost;
    }
}
