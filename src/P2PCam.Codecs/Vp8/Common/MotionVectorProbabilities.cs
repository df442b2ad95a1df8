namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// Probabilities of a motion vector component, rows first, then columns: is-long, sign, seven of the short tree, ten of the
/// long form's bits (RFC 6386 section 17.2).
/// </summary>
internal static class MotionVectorProbabilities
{
    public const int PerComponent = 19;
    public const int IsLong = 0;
    public const int Sign = 1;
    public const int Short = 2;
    public const int Long = 9;
    public const int LongBits = 10;

    public static ReadOnlySpan<byte> Default =>
    [
        162, 128, 225, 146, 172, 147, 214, 39, 156, 128, 129, 132, 75, 145, 178, 206, 239, 254, 254,
        164, 128, 204, 170, 119, 235, 140, 230, 228, 128, 130, 130, 74, 148, 180, 203, 236, 254, 254,
    ];

    public static ReadOnlySpan<byte> Update =>
    [
        237, 246, 253, 253, 254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 250, 250, 252, 254, 254,
        231, 243, 245, 253, 254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 251, 251, 254, 254, 254,
    ];
}
