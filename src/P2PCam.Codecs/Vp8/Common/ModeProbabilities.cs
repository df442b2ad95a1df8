namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Fixed and default probabilities of macroblock modes.</summary>
internal static class ModeProbabilities
{
    /// <summary>RFC 6386 section 11.2.</summary>
    public static ReadOnlySpan<byte> KeyLuma => [145, 156, 163, 128];

    /// <summary>RFC 6386 section 11.2.</summary>
    public static ReadOnlySpan<byte> KeyChroma => [142, 114, 183];

    /// <summary>What a key frame resets the luma mode probabilities of inter frames to (RFC 6386 section 16.2).</summary>
    public static ReadOnlySpan<byte> DefaultLuma => [112, 86, 140, 37];

    /// <summary>What a key frame resets the chroma mode probabilities of inter frames to (RFC 6386 section 16.2).</summary>
    public static ReadOnlySpan<byte> DefaultChroma => [162, 101, 204];

    /// <summary>[neighbour count 6][node 4] for the inter mode tree (RFC 6386 section 16.3).</summary>
    public static ReadOnlySpan<byte> InterContexts =>
    [
        7, 1, 1, 143, 14, 18, 14, 107, 135, 64, 57, 68, 60, 56, 128, 65, 159, 134, 128, 34, 234, 188, 128, 28,
    ];
}
