namespace P2PCam.Codecs.Vp8.Common;

/// <summary>How a macroblock is split into parts with vectors of their own (RFC 6386 section 16.4).</summary>
internal static class SplitLayouts
{
    /// <summary>The layout in which each subblock is a part.</summary>
    public const int Fine = 3;

    /// <summary>Leaves: top and bottom, left and right, quarters, <see cref="Fine"/>.</summary>
    public static ReadOnlySpan<sbyte> Tree => [-3, 2, -2, 4, 0, -1];

    public static ReadOnlySpan<byte> TreeProbabilities => [110, 111, 150];

    public static int PartCount(int layout) => layout switch { 0 or 1 => 2, 2 => 4, _ => 16 };

    /// <summary>The first subblock of each part.</summary>
    public static ReadOnlySpan<byte> FirstBlocks(int layout) => layout switch
    {
        0 => [0, 8],
        1 => [0, 2],
        2 => [0, 2, 8, 10],
        _ => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    };

    /// <summary>The part that each subblock belongs to.</summary>
    public static ReadOnlySpan<byte> Parts(int layout) => layout switch
    {
        0 => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
        1 => [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1],
        2 => [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3],
        _ => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    };

    /// <summary>
    /// Probabilities of "as left", "as above", "zero" (the rest is a new vector), given the vectors to the left of and above the part.
    /// </summary>
    public static ReadOnlySpan<byte> VectorProbabilities(MotionVector left, MotionVector above)
    {
        if (left == above)
        {
            return above.IsZero ? [208, 1, 1] : [223, 1, 34];
        }

        return above.IsZero ? [179, 121, 1] : left.IsZero ? [106, 145, 1] : [147, 136, 18];
    }
}
