namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>YUY2: luma from the even bytes, chroma the rounded mean of two rows.</summary>
internal static class Yuy2ToI420
{
    public static void Convert(VideoFrame source, in I420Planes target)
    {
        var plane = source.GetPlane(0);
        var stride = source.GetStride(0);
        for (var row = 0; row < target.Height; row += 2)
        {
            var upper = plane.Slice(row * stride, stride);
            var lower = row + 1 < target.Height ? plane.Slice((row + 1) * stride, stride) : upper;
            Luma(upper, target.LumaRow(row));
            if (row + 1 < target.Height)
            {
                Luma(lower, target.LumaRow(row + 1));
            }

            Chroma(upper, lower, target.URow(row / 2), target.VRow(row / 2));
        }
    }

    private static void Luma(ReadOnlySpan<byte> packed, Span<byte> luma)
    {
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = packed[2 * i];
        }
    }

    private static void Chroma(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v)
    {
        for (var i = 0; i < u.Length; i++)
        {
            u[i] = (byte)((upper[(4 * i) + 1] + lower[(4 * i) + 1] + 1) >> 1);
            v[i] = (byte)((upper[(4 * i) + 3] + lower[(4 * i) + 3] + 1) >> 1);
        }
    }
}
