namespace P2PCam.Sources.TestPattern;

/// <summary>A colour in YUV, BT.601 limited range.</summary>
internal readonly record struct YuvColor(byte Y, byte U, byte V)
{
    public static YuvColor White { get; } = new(235, 128, 128);

    public static YuvColor Black { get; } = new(16, 128, 128);

    /// <summary>From red, green and blue, 0 to 255.</summary>
    public static YuvColor FromRgb(int r, int g, int b) => new(
        (byte)((((66 * r) + (129 * g) + (25 * b) + 128) >> 8) + 16),
        (byte)((((-38 * r) - (74 * g) + (112 * b) + 128) >> 8) + 128),
        (byte)((((112 * r) - (94 * g) - (18 * b) + 128) >> 8) + 128));
}
