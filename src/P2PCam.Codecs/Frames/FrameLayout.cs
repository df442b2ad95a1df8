namespace P2PCam;

/// <summary>Where the planes of a tightly packed frame lie: offsets and strides in bytes, rows per plane.</summary>
internal readonly record struct FrameLayout(
    int PlaneCount, int Offset1, int Offset2, int Stride0, int Stride1, int Stride2, int Rows1, int Size)
{
    /// <summary>The largest width or height that a frame may have; VP8's own limit (RFC 6386 section 9.1).</summary>
    public const int MaxDimension = 16383;

    /// <summary>Checks an option that says how wide or high a picture may be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No picture can be so; the message names the range.</exception>
    public static void CheckLimit(int value, string name)
    {
        if (value is < 1 or > MaxDimension)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 1 to {MaxDimension}.");
        }
    }

    public static FrameLayout For(PixelFormat format, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxDimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxDimension);
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        var luma = width * height;
        var chroma = halfWidth * halfHeight;
        return format switch
        {
            PixelFormat.I420 => new(3, luma, luma + chroma, width, halfWidth, halfWidth, halfHeight, luma + (2 * chroma)),
            PixelFormat.Nv12 => new(2, luma, 0, width, 2 * halfWidth, 0, halfHeight, luma + (2 * chroma)),
            PixelFormat.Yuy2 => new(1, 0, 0, 4 * halfWidth, 0, 0, 0, 4 * halfWidth * height),
            PixelFormat.Bgra32 => new(1, 0, 0, 4 * width, 0, 0, 0, 4 * luma),
            PixelFormat.Rgb24 => new(1, 0, 0, 3 * width, 0, 0, 0, 3 * luma),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a known pixel format."),
        };
    }
}
