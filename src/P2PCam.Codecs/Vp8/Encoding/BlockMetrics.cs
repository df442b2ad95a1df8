using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>How far two blocks are apart.</summary>
internal static unsafe class BlockMetrics
{
    /// <summary>Sum of absolute differences over 16 x <paramref name="rows"/> pixels.</summary>
    public static int Sad16(byte* a, int aStride, byte* b, int bStride, int rows = 16) =>
        Vector128.IsHardwareAccelerated ? Sad16Vector(a, aStride, b, bStride, rows) : SadScalar(a, aStride, b, bStride, 16, rows);

    /// <summary>Sum of absolute differences over 8x8 pixels.</summary>
    public static int Sad8(byte* a, int aStride, byte* b, int bStride)
    {
        if (!Sse2.IsSupported)
        {
            return SadScalar(a, aStride, b, bStride, 8, 8);
        }

        var sums = Vector128<int>.Zero;
        for (var y = 0; y < 8; y += 2, a += 2 * aStride, b += 2 * bStride)
        {
            var p = Vector128.Create(*(ulong*)a, *(ulong*)(a + aStride)).AsByte();
            sums += Sse2.SumAbsoluteDifferences(p, Vector128.Create(*(ulong*)b, *(ulong*)(b + bStride)).AsByte()).AsInt32();
        }

        return sums.ToScalar() + sums.GetElement(2);
    }

    /// <summary>Sums of absolute differences over the four quarters of 16x16 pixels.</summary>
    public static void SadQuarters(byte* a, int aStride, byte* b, int bStride, Span<int> sums)
    {
        for (var half = 0; half < 4; half += 2, a += 8 * aStride, b += 8 * bStride)
        {
            if (!Sse2.IsSupported)
            {
                sums[half] = SadScalar(a, aStride, b, bStride, 8, 8);
                sums[half + 1] = SadScalar(a + 8, aStride, b + 8, bStride, 8, 8);
                continue;
            }

            var both = Vector128<int>.Zero;
            for (var y = 0; y < 8; y++)
            {
                both += Sse2.SumAbsoluteDifferences(Vector128.Load(a + (y * aStride)), Vector128.Load(b + (y * bStride))).AsInt32();
            }

            (sums[half], sums[half + 1]) = (both.ToScalar(), both.GetElement(2));
        }
    }

    /// <summary>Sums of absolute differences of 4x4 pixels <paramref name="a"/> to <paramref name="count"/> other blocks, which follow each other without gaps.</summary>
    public static void Sad4All(byte* a, int aStride, byte* blocks, int count, int* sums)
    {
        if (!Sse2.IsSupported)
        {
            for (var i = 0; i < count; i++)
            {
                sums[i] = SadScalar(a, aStride, blocks + (16 * i), 4, 4, 4);
            }

            return;
        }

        var pixels = Vector128.Create(*(uint*)a, *(uint*)(a + aStride), *(uint*)(a + (2 * aStride)), *(uint*)(a + (3 * aStride))).AsByte();
        for (var i = 0; i < count; i++)
        {
            var halves = Sse2.SumAbsoluteDifferences(pixels, Vector128.Load(blocks + (16 * i))).AsInt32();
            sums[i] = halves.ToScalar() + halves.GetElement(2);
        }
    }

    public static int SadScalar(byte* a, int aStride, byte* b, int bStride, int width, int height)
    {
        var sum = 0;
        for (var y = 0; y < height; y++, a += aStride, b += bStride)
        {
            for (var x = 0; x < width; x++)
            {
                sum += Math.Abs(a[x] - b[x]);
            }
        }

        return sum;
    }

    public static int Sad16Vector(byte* a, int aStride, byte* b, int bStride, int rows)
    {
        if (Sse2.IsSupported)
        {
            var sums = Vector128<ushort>.Zero;
            for (var y = 0; y < rows; y++, a += aStride, b += bStride)
            {
                sums += Sse2.SumAbsoluteDifferences(Vector128.Load(a), Vector128.Load(b));
            }

            return sums.AsInt32().ToScalar() + sums.AsInt32().GetElement(2);
        }

        var total = Vector128<ushort>.Zero;
        for (var y = 0; y < rows; y++, a += aStride, b += bStride)
        {
            var (p, q) = (Vector128.Load(a), Vector128.Load(b));
            var (low, high) = Vector128.Widen(Vector128.Max(p, q) - Vector128.Min(p, q));
            total += low + high;
        }

        var (first, second) = Vector128.Widen(total);
        return (int)Vector128.Sum(first + second);
    }

    /// <summary>Sums of absolute differences of 16x16 pixels <paramref name="a"/> to four other places.</summary>
    public static void Sad16Four(byte* a, int aStride, byte* b0, byte* b1, byte* b2, byte* b3, int bStride, int* sums)
    {
        if (Sse2.IsSupported)
        {
            Sad16FourVector(a, aStride, b0, b1, b2, b3, bStride, sums);
            return;
        }

        sums[0] = Sad16(a, aStride, b0, bStride);
        sums[1] = Sad16(a, aStride, b1, bStride);
        sums[2] = Sad16(a, aStride, b2, bStride);
        sums[3] = Sad16(a, aStride, b3, bStride);
    }

    private static void Sad16FourVector(byte* a, int aStride, byte* b0, byte* b1, byte* b2, byte* b3, int bStride, int* sums)
    {
        var (s0, s1, s2, s3) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
        nint offset = 0;
        for (var y = 0; y < 16; y++, a += aStride, offset += bStride)
        {
            var row = Vector128.Load(a);
            s0 += Sse2.SumAbsoluteDifferences(row, Vector128.Load(b0 + offset)).AsInt32();
            s1 += Sse2.SumAbsoluteDifferences(row, Vector128.Load(b1 + offset)).AsInt32();
            s2 += Sse2.SumAbsoluteDifferences(row, Vector128.Load(b2 + offset)).AsInt32();
            s3 += Sse2.SumAbsoluteDifferences(row, Vector128.Load(b3 + offset)).AsInt32();
        }

        // Each vector has one part in lane 0 and one in lane 2.
        var (low, high) = (Sse2.UnpackLow(s0.AsInt64(), s1.AsInt64()).AsInt32(), Sse2.UnpackHigh(s0.AsInt64(), s1.AsInt64()).AsInt32());
        var first = low + high;
        (low, high) = (Sse2.UnpackLow(s2.AsInt64(), s3.AsInt64()).AsInt32(), Sse2.UnpackHigh(s2.AsInt64(), s3.AsInt64()).AsInt32());
        var second = low + high;
        (sums[0], sums[1], sums[2], sums[3]) = (first.ToScalar(), first.GetElement(2), second.ToScalar(), second.GetElement(2));
    }

    /// <summary>Sum of 32 pixels side by side.</summary>
    public static int Sum32(byte* pixels)
    {
        if (Sse2.IsSupported)
        {
            var sums = Sse2.SumAbsoluteDifferences(Vector128.Load(pixels), Vector128<byte>.Zero).AsInt32()
                + Sse2.SumAbsoluteDifferences(Vector128.Load(pixels + 16), Vector128<byte>.Zero).AsInt32();
            return sums.ToScalar() + sums.GetElement(2);
        }

        var (low, high) = Vector128.Widen(Vector128.Load(pixels));
        var (low2, high2) = Vector128.Widen(Vector128.Load(pixels + 16));
        return Vector128.Sum(low + high + low2 + high2);
    }

    /// <summary>Sum of squared differences over a block whose width is 8 or 16.</summary>
    public static int Sse(byte* a, int aStride, byte* b, int bStride, int width, int height) =>
        Vector128.IsHardwareAccelerated ? SseVector(a, aStride, b, bStride, width, height) : SseScalar(a, aStride, b, bStride, width, height);

    public static int SseScalar(byte* a, int aStride, byte* b, int bStride, int width, int height)
    {
        var sum = 0;
        for (var y = 0; y < height; y++, a += aStride, b += bStride)
        {
            for (var x = 0; x < width; x++)
            {
                sum += (a[x] - b[x]) * (a[x] - b[x]);
            }
        }

        return sum;
    }

    public static int SseVector(byte* a, int aStride, byte* b, int bStride, int width, int height)
    {
        var sums = Vector128<int>.Zero;
        for (var y = 0; y < height; y++, a += aStride, b += bStride)
        {
            for (var x = 0; x < width; x += 8)
            {
                var p = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)(a + x)).AsByte());
                var q = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)(b + x)).AsByte());
                var difference = (p - q).AsInt16();
                sums += Common.VectorMath.MultiplyAddPairs(difference, difference);
            }
        }

        return Vector128.Sum(sums);
    }
}
