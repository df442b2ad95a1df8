using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>How the bytes of one pixel lie in a packed RGB format; green is always the second.</summary>
internal interface IRgbPixel
{
    /// <summary>Bytes from one pixel to the next.</summary>
    static abstract int Stride { get; }

    /// <summary>Offset of red in a pixel.</summary>
    static abstract int Red { get; }

    /// <summary>Offset of blue in a pixel.</summary>
    static abstract int Blue { get; }

    /// <summary>Pixels after the four asked for whose bytes <see cref="Load4"/> touches as well.</summary>
    static abstract int PixelsReadBeyond { get; }

    /// <summary>Four pixels as 32-bit lanes: blue, green, red, anything, from the lowest byte up.</summary>
    static abstract Vector128<uint> Load4(ReadOnlySpan<byte> pixels);

    /// <summary>Writes four pixels given as such lanes, the top byte 255. Touches <see cref="PixelsReadBeyond"/> more.</summary>
    static abstract void Store4(Vector128<uint> lanes, Span<byte> pixels);
}

/// <summary>Blue, green, red, alpha.</summary>
internal readonly struct Bgra32Pixel : IRgbPixel
{
    public static int Stride => 4;

    public static int Red => 2;

    public static int Blue => 0;

    public static int PixelsReadBeyond => 0;

    public static Vector128<uint> Load4(ReadOnlySpan<byte> pixels) => Vector128.Create(pixels).AsUInt32();

    public static void Store4(Vector128<uint> lanes, Span<byte> pixels) => lanes.AsByte().CopyTo(pixels);
}

/// <summary>Red, green, blue.</summary>
internal readonly struct Rgb24Pixel : IRgbPixel
{
    public static int Stride => 3;

    public static int Red => 0;

    public static int Blue => 2;

    // Four pixels are 12 bytes, but 16 are loaded: 4 bytes, so two pixels, more.
    public static int PixelsReadBeyond => 2;

    public static Vector128<uint> Load4(ReadOnlySpan<byte> pixels) =>
        Vector128.Shuffle(Vector128.Create(pixels), Vector128.Create((byte)2, 1, 0, 255, 5, 4, 3, 255, 8, 7, 6, 255, 11, 10, 9, 255))
            .AsUInt32();

    public static void Store4(Vector128<uint> lanes, Span<byte> pixels) =>
        Vector128.Shuffle(lanes.AsByte(), Vector128.Create((byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255))
            .CopyTo(pixels);
}
