using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>
/// Red, green and blue by the integer form of BT.601, limited range, within 1 of the exact values; chroma from the mean of each 2x2 block:
/// <code>
/// Y = ( 66 R + 129 G +  25 B + 128) / 256 + 16
/// U = (-38 R -  74 G + 112 B + 128) / 256 + 128
/// V = (112 R -  94 G -  18 B + 128) / 256 + 128
/// </code>
/// </summary>
/// <remarks>
/// The vector form keeps a pixel in one 32-bit lane as 16-bit halves, blue below red in one register and green in another, so that 16-bit
/// products suffice: no sum above leaves 16 bits. Both forms round alike and give the same bytes.
/// </remarks>
internal static class RgbToI420
{
    /// <summary>Pixels that one step of the vector form takes.</summary>
    private const int Step = 16;

    public static void Convert<TPixel>(VideoFrame source, in I420Planes target)
        where TPixel : struct, IRgbPixel
    {
        var plane = source.GetPlane(0);
        var stride = source.GetStride(0);
        for (var row = 0; row < target.Height; row += 2)
        {
            var upper = plane.Slice(row * stride, stride);
            var lower = row + 1 < target.Height ? plane.Slice((row + 1) * stride, stride) : upper;
            Luma<TPixel>(upper, target.LumaRow(row));
            if (row + 1 < target.Height)
            {
                Luma<TPixel>(lower, target.LumaRow(row + 1));
            }

            Chroma<TPixel>(upper, lower, target.URow(row / 2), target.VRow(row / 2), target.Width);
        }
    }

    internal static void Luma<TPixel>(ReadOnlySpan<byte> rgb, Span<byte> luma)
        where TPixel : struct, IRgbPixel
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= luma.Length - Step - TPixel.PixelsReadBeyond; i += Step)
            {
                var at = rgb[(i * TPixel.Stride)..];
                Vector128.Narrow(LumaOf8<TPixel>(at), LumaOf8<TPixel>(at[(8 * TPixel.Stride)..])).CopyTo(luma[i..]);
            }
        }

        LumaScalar<TPixel>(rgb[(i * TPixel.Stride)..], luma[i..]);
    }

    internal static void LumaScalar<TPixel>(ReadOnlySpan<byte> rgb, Span<byte> luma)
        where TPixel : struct, IRgbPixel
    {
        for (var (i, at) = (0, 0); i < luma.Length; i++, at += TPixel.Stride)
        {
            luma[i] = (byte)((((66 * rgb[at + TPixel.Red]) + (129 * rgb[at + 1]) + (25 * rgb[at + TPixel.Blue]) + 128) >> 8) + 16);
        }
    }

    internal static void Chroma<TPixel>(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v, int width)
        where TPixel : struct, IRgbPixel
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= width - Step - TPixel.PixelsReadBeyond; i += Step)
            {
                var above = upper[(i * TPixel.Stride)..];
                var below = lower[(i * TPixel.Stride)..];
                var (blueRed0, green0) = MeanOf4Blocks<TPixel>(above, below);
                var (blueRed1, green1) = MeanOf4Blocks<TPixel>(above[(8 * TPixel.Stride)..], below[(8 * TPixel.Stride)..]);
                Store8(u[(i / 2)..], ChromaOf4(blueRed0, green0, 112, -38, -74), ChromaOf4(blueRed1, green1, 112, -38, -74));
                Store8(v[(i / 2)..], ChromaOf4(blueRed0, green0, -18, 112, -94), ChromaOf4(blueRed1, green1, -18, 112, -94));
            }
        }

        ChromaScalar<TPixel>(upper[(i * TPixel.Stride)..], lower[(i * TPixel.Stride)..], u[(i / 2)..], v[(i / 2)..], width - i);
    }

    internal static void ChromaScalar<TPixel>(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> u, Span<byte> v, int width)
        where TPixel : struct, IRgbPixel
    {
        for (var i = 0; i < (width + 1) / 2; i++)
        {
            var left = 2 * i * TPixel.Stride;
            var right = (2 * i) + 1 < width ? left + TPixel.Stride : left;
            var r = Mean(upper, lower, left + TPixel.Red, right + TPixel.Red);
            var g = Mean(upper, lower, left + 1, right + 1);
            var b = Mean(upper, lower, left + TPixel.Blue, right + TPixel.Blue);
            u[i] = (byte)((((-38 * r) - (74 * g) + (112 * b) + 128) >> 8) + 128);
            v[i] = (byte)((((112 * r) - (94 * g) - (18 * b) + 128) >> 8) + 128);
        }
    }

    private static int Mean(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int left, int right) =>
        (upper[left] + upper[right] + lower[left] + lower[right] + 2) >> 2;

    private static Vector128<ushort> LumaOf8<TPixel>(ReadOnlySpan<byte> rgb)
        where TPixel : struct, IRgbPixel =>
        Vector128.Narrow(LumaOf4(TPixel.Load4(rgb)), LumaOf4(TPixel.Load4(rgb[(4 * TPixel.Stride)..])));

    private static Vector128<uint> LumaOf4(Vector128<uint> pixels)
    {
        var evenBytes = Vector128.Create(0x00FF_00FFu);
        var blueRed = (pixels & evenBytes).AsUInt16() * Vector128.Create((66u << 16) | 25).AsUInt16();
        var green = ((pixels >>> 8) & evenBytes).AsUInt16() * Vector128.Create(129u).AsUInt16();
        var halves = (blueRed + green).AsUInt32();
        var sum = (halves & Vector128.Create(0xFFFFu)) + (halves >>> 16) + Vector128.Create(128u);
        return (sum >>> 8) + Vector128.Create(16u);
    }

    /// <summary>The means of four 2x2 blocks, a block in each 32-bit lane: blue below red, and green.</summary>
    private static (Vector128<uint> BlueRed, Vector128<uint> Green) MeanOf4Blocks<TPixel>(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower)
        where TPixel : struct, IRgbPixel
    {
        var next = 4 * TPixel.Stride;
        var (blueRed0, green0) = SumOf2Blocks(TPixel.Load4(upper), TPixel.Load4(lower));
        var (blueRed1, green1) = SumOf2Blocks(TPixel.Load4(upper[next..]), TPixel.Load4(lower[next..]));
        return (Quarter(Vector128.Narrow(blueRed0, blueRed1)), Quarter(Vector128.Narrow(green0, green1)));
    }

    private static (Vector128<ulong> BlueRed, Vector128<ulong> Green) SumOf2Blocks(Vector128<uint> upper, Vector128<uint> lower)
    {
        var evenBytes = Vector128.Create(0x00FF_00FFu);
        var blueRed = ((upper & evenBytes) + (lower & evenBytes)).AsUInt64();
        var green = (((upper >>> 8) & evenBytes) + ((lower >>> 8) & evenBytes)).AsUInt64();
        var low = Vector128.Create((ulong)uint.MaxValue);
        return ((blueRed + (blueRed >>> 32)) & low, (green + (green >>> 32)) & low);
    }

    private static Vector128<uint> Quarter(Vector128<uint> sums) => ((sums.AsUInt16() + Vector128.Create((ushort)2)) >>> 2).AsUInt32();

    private static Vector128<uint> ChromaOf4(Vector128<uint> blueRed, Vector128<uint> green, short ofBlue, short ofRed, short ofGreen)
    {
        // Alpha may sit beside green; its product lands in the upper half, where only the red one belongs, so its weight is 0.
        var halves = (blueRed.AsInt16() * Vector128.Create((ofRed << 16) | (ushort)ofBlue).AsInt16())
            + (green.AsInt16() * Vector128.Create((int)(ushort)ofGreen).AsInt16());
        var sum = halves + (halves.AsUInt32() >>> 16).AsInt16() + Vector128.Create((short)128);
        return ((sum >> 8) + Vector128.Create((short)128)).AsUInt32() & Vector128.Create(0xFFu);
    }

    private static void Store8(Span<byte> target, Vector128<uint> first, Vector128<uint> second) =>
        Vector128.Narrow(Vector128.Narrow(first, second), Vector128<ushort>.Zero).GetLower().CopyTo(target);
}
