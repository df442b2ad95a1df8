namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>
/// Red, green and blue by the integer form of BT.601, limited range; chroma from the mean of each 2x2 block:
/// <code>
/// Y = ( 66 R + 129 G +  25 B + 128) / 256 + 16
/// U = (-38 R -  74 G + 112 B + 128) / 256 + 128
/// V = (112 R -  94 G -  18 B + 128) / 256 + 128
/// </code>
/// </summary>
internal static class RgbToI420
{
    public static void Convert(VideoFrame source, in I420Planes target, int pixelStride, int red, int blue)
    {
        var plane = source.GetPlane(0);
        var stride = source.GetStride(0);
        for (var row = 0; row < target.Height; row += 2)
        {
            var upper = plane.Slice(row * stride, stride);
            var lower = row + 1 < target.Height ? plane.Slice((row + 1) * stride, stride) : upper;
            Luma(upper, target.LumaRow(row), pixelStride, red, blue);
            if (row + 1 < target.Height)
            {
                Luma(lower, target.LumaRow(row + 1), pixelStride, red, blue);
            }

            Chroma(upper, lower, target.URow(row / 2), target.VRow(row / 2), target.Width, pixelStride, red, blue);
        }
    }

    private static void Luma(ReadOnlySpan<byte> rgb, Span<byte> luma, int pixelStride, int red, int blue)
    {
        for (var (i, at) = (0, 0); i < luma.Length; i++, at += pixelStride)
        {
            luma[i] = (byte)((((66 * rgb[at + red]) + (129 * rgb[at + 1]) + (25 * rgb[at + blue]) + 128) >> 8) + 16);
        }
    }

    private static void Chroma(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v, int width, int pixelStride, int red, int blue)
    {
        for (var i = 0; i < u.Length; i++)
        {
            var left = 2 * i * pixelStride;
            var right = (2 * i) + 1 < width ? left + pixelStride : left;
            var r = Mean(upper, lower, left + red, right + red);
            var g = Mean(upper, lower, left + 1, right + 1);
            var b = Mean(upper, lower, left + blue, right + blue);
            u[i] = (byte)((((-38 * r) - (74 * g) + (112 * b) + 128) >> 8) + 128);
            v[i] = (byte)((((112 * r) - (94 * g) - (18 * b) + 128) >> 8) + 128);
        }
    }

    private static int Mean(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int left, int right) => (upper[left] + upper[right] + lower[left] + lower[right] + 2) >> 2;
}
