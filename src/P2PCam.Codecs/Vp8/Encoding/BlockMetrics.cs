using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>How far two blocks are apart.</summary>
internal static unsafe class BlockMetrics
{
    /// <summary>Sum of absolute differences over 16 x <paramref name="rows"/> pixels.</summary>
    public static int Sad16(byte* a, int aStride, byte* b, int bStride, int rows = 16) =>
        Vector128.IsHardwareAccelerated ? Sad16Vector(a, aStride, b, bStride, rows) : SadScalar(a, aStride, b, bStride, 16, rows);

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
