using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>YUY2 (Y0 U Y1 V for two pixels): luma from the even bytes, chroma the rounded mean of two rows.</summary>
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

    internal static void Luma(ReadOnlySpan<byte> packed, Span<byte> luma)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= luma.Length - 16; i += 16)
            {
                EvenBytes(packed[(2 * i)..]).CopyTo(luma[i..]);
            }
        }

        LumaScalar(packed[(2 * i)..], luma[i..]);
    }

    internal static void LumaScalar(ReadOnlySpan<byte> packed, Span<byte> luma)
    {
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = packed[2 * i];
        }
    }

    internal static void Chroma(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= u.Length - 8; i += 8)
            {
                // Each 16-bit lane ends as one chroma sample, U and V in turns; then each 32-bit lane as U below V.
                var first = MeanOfOddBytes(upper[(4 * i)..], lower[(4 * i)..]).AsUInt32();
                var second = MeanOfOddBytes(upper[((4 * i) + 16)..], lower[((4 * i) + 16)..]).AsUInt32();
                var low = Vector128.Create(0xFFu);
                Store8(Vector128.Narrow(first & low, second & low), u[i..]);
                Store8(Vector128.Narrow(first >>> 16, second >>> 16), v[i..]);
            }
        }

        ChromaScalar(upper[(4 * i)..], lower[(4 * i)..], u[i..], v[i..]);
    }

    internal static void ChromaScalar(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v)
    {
        for (var i = 0; i < u.Length; i++)
        {
            u[i] = (byte)((upper[(4 * i) + 1] + lower[(4 * i) + 1] + 1) >> 1);
            v[i] = (byte)((upper[(4 * i) + 3] + lower[(4 * i) + 3] + 1) >> 1);
        }
    }

    private static Vector128<byte> EvenBytes(ReadOnlySpan<byte> packed)
    {
        var low = Vector128.Create((ushort)0xFF);
        return Vector128.Narrow(Vector128.Create(packed).AsUInt16() & low, Vector128.Create(packed[16..]).AsUInt16() & low);
    }

    private static Vector128<ushort> MeanOfOddBytes(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower) =>
        ((Vector128.Create(upper).AsUInt16() >>> 8) + (Vector128.Create(lower).AsUInt16() >>> 8) + Vector128<ushort>.One) >>> 1;

    private static void Store8(Vector128<ushort> samples, Span<byte> target) =>
        Vector128.Narrow(samples, Vector128<ushort>.Zero).GetLower().CopyTo(target);
}
