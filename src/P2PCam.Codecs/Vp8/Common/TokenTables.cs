namespace P2PCam.Codecs.Vp8.Common;

/// <summary>How coefficients become tokens (RFC 6386 section 13).</summary>
internal static class TokenTables
{
    public const int Zero = 0;
    public const int One = 1;
    public const int Four = 4;
    public const int Category1 = 5;
    public const int Category6 = 10;
    public const int EndOfBlock = 11;
    public const int TokenCount = 12;

    /// <summary>Block types of the probability tables: luma whose DC is in Y2, Y2 itself, chroma, luma with its own DC.</summary>
    public const int LumaAfterY2 = 0;
    public const int Y2 = 1;
    public const int Chroma = 2;
    public const int LumaWithDc = 3;

    /// <summary>Position in the 4x4 block of the n-th coefficient sent.</summary>
    public static ReadOnlySpan<byte> ZigZag => [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];

    /// <summary>Band of the n-th coefficient sent; one more entry, so that the band after the last may be looked up.</summary>
    public static ReadOnlySpan<byte> Bands => [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0];

    /// <summary>Smallest value of each category 1..6.</summary>
    public static ReadOnlySpan<byte> CategoryBase => [5, 7, 11, 19, 35, 67];

    /// <summary>Probabilities of the extra bits of category 1..6, most significant first (RFC 6386 section 13.2).</summary>
    public static ReadOnlySpan<byte> CategoryBits(int category) => category switch
    {
        1 => [159],
        2 => [165, 145],
        3 => [173, 148, 140],
        4 => [176, 155, 140, 135],
        5 => [180, 157, 141, 134, 130],
        _ => [254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
    };
}
