using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>
/// I420 to packed RGB by the integer form of BT.601, limited range, within 1 of the exact values; a chroma sample serves its 2x2 block:
/// <code>
/// R = (298 (Y - 16)                 + 409 (V - 128) + 128) / 256
/// G = (298 (Y - 16) - 100 (U - 128) - 208 (V - 128) + 128) / 256
/// B = (298 (Y - 16) + 516 (U - 128)                 + 128) / 256      each clamped to 0..255
/// </code>
/// </summary>
internal static class I420ToRgb
{
    public static void Convert<TPixel>(VideoFrame source, Span<byte> target)
        where TPixel : struct, IRgbPixel
    {
        var luma = source.GetPlane(0);
        var u = source.GetPlane(1);
        var v = source.GetPlane(2);
        var (lumaStride, chromaStride, targetStride) = (source.GetStride(0), source.GetStride(1), TPixel.Stride * source.Width);
        for (var row = 0; row < source.Height; row++)
        {
            var chroma = row / 2 * chromaStride;
            Row<TPixel>(
                luma.Slice(row * lumaStride, source.Width),
                u.Slice(chroma, chromaStride),
                v.Slice(chroma, chromaStride),
                target.Slice(row * targetStride, targetStride));
        }
    }

    internal static void Row<TPixel>(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> rgb)
        where TPixel : struct, IRgbPixel
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // A step takes 16 pixels and 8 chroma samples; reads and writes stay inside the rows, hence the pixels beyond.
            for (; i <= luma.Length - 16 - TPixel.PixelsReadBeyond; i += 16)
            {
                var (y0, y1) = Vector128.Widen(Vector128.Create(luma[i..]));
                var us = Twice(Vector64.Create(u[(i / 2)..]));
                var vs = Twice(Vector64.Create(v[(i / 2)..]));
                var at = rgb[(i * TPixel.Stride)..];
                Store8<TPixel>(y0, us.Lower, vs.Lower, at);
                Store8<TPixel>(y1, us.Upper, vs.Upper, at[(8 * TPixel.Stride)..]);
            }
        }

        RowScalar<TPixel>(luma[i..], u[(i / 2)..], v[(i / 2)..], rgb[(i * TPixel.Stride)..]);
    }

    internal static void RowScalar<TPixel>(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> rgb)
        where TPixel : struct, IRgbPixel
    {
        for (var (i, at) = (0, 0); i < luma.Length; i++, at += TPixel.Stride)
        {
            var (y, d, e) = ((298 * (luma[i] - 16)) + 128, u[i / 2] - 128, v[i / 2] - 128);
            rgb[at + TPixel.Red] = Clamp((y + (409 * e)) >> 8);
            rgb[at + 1] = Clamp((y - (100 * d) - (208 * e)) >> 8);
            rgb[at + TPixel.Blue] = Clamp((y + (516 * d)) >> 8);
            if (TPixel.Stride == 4)
            {
                rgb[at + 3] = 255;
            }
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    /// <summary>Eight samples, each twice, as 16-bit lanes.</summary>
    private static (Vector128<ushort> Lower, Vector128<ushort> Upper) Twice(Vector64<byte> samples)
    {
        var wide = Vector128.WidenLower(samples.ToVector128());
        var (first, second) = Vector128.Widen(wide);
        return ((first | (first << 16)).AsUInt16(), (second | (second << 16)).AsUInt16());
    }

    private static void Store8<TPixel>(Vector128<ushort> y, Vector128<ushort> u, Vector128<ushort> v, Span<byte> rgb)
        where TPixel : struct, IRgbPixel
    {
        var ((y0, y1), (u0, u1), (v0, v1)) = (Vector128.Widen(y), Vector128.Widen(u), Vector128.Widen(v));
        TPixel.Store4(PixelsOf4(y0.AsInt32(), u0.AsInt32(), v0.AsInt32()), rgb);
        TPixel.Store4(PixelsOf4(y1.AsInt32(), u1.AsInt32(), v1.AsInt32()), rgb[(4 * TPixel.Stride)..]);
    }

    private static Vector128<uint> PixelsOf4(Vector128<int> y, Vector128<int> u, Vector128<int> v)
    {
        var center = Vector128.Create(128);
        var (d, e) = (u - center, v - center);
        var scaled = ((y - Vector128.Create(16)) * 298) + center;
        var red = Clamp((scaled + (e * 409)) >> 8);
        var green = Clamp((scaled - (d * 100) - (e * 208)) >> 8);
        var blue = Clamp((scaled + (d * 516)) >> 8);
        return Vector128.Create(0xFF00_0000u) | (red << 16) | (green << 8) | blue;
    }

    private static Vector128<uint> Clamp(Vector128<int> values) =>
        Vector128.Min(Vector128.Max(values, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();
}
