namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// Binary trees of the modes: entry i is what bit 0 leads to, i+1 bit 1; a positive value is the next node, others are minus the leaf.
/// Node i takes probability i/2 (RFC 6386 section 8.1).
/// </summary>
internal static class Trees
{
    /// <summary>Luma mode of an intra macroblock in an inter frame (RFC 6386 section 16.1).</summary>
    public static ReadOnlySpan<sbyte> LumaMode => [0, 2, 4, 6, -1, -2, -3, -4];

    /// <summary>Luma mode in a key frame (RFC 6386 section 11.2).</summary>
    public static ReadOnlySpan<sbyte> KeyLumaMode => [-4, 2, 4, 6, 0, -1, -2, -3];

    /// <summary>Chroma mode (RFC 6386 section 11.2).</summary>
    public static ReadOnlySpan<sbyte> ChromaMode => [0, 2, -1, 4, -2, -3];

    /// <summary>Mode of a 4x4 subblock (RFC 6386 section 11.2).</summary>
    public static ReadOnlySpan<sbyte> SubblockMode => [0, 2, -1, 4, -2, 6, 8, 12, -3, 10, -5, -6, -4, 14, -7, 16, -8, -9];

    /// <summary>Inter mode: zero, nearest, near, new, split, as <see cref="MacroblockMode"/> (RFC 6386 section 16.3).</summary>
    public static ReadOnlySpan<sbyte> InterMode => [-7, 2, -5, 4, -6, 6, -8, -9];

    /// <summary>A motion vector component below 8 (RFC 6386 section 17.2).</summary>
    public static ReadOnlySpan<sbyte> ShortVector => [2, 8, 4, 6, 0, -1, -2, -3, 10, 12, -4, -5, -6, -7];
}
