using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>
/// The inverse DCT on 8x8 coefficients (ITU-T T.81 A.3.3), by the factorization of Arai, Agui and Nakajima (1988) turned around, in single precision; each
/// coefficient must have been multiplied with <see cref="ScaleOf"/>. Eight lines at once, on whatever vectors the machine has.
/// </summary>
internal static class InverseDct
{
    private const float Root = 1.41421356f; // sqrt(2)
    private const float TwoCos8 = 1.84775907f; // 2 cos(pi/8)
    private const float Difference = 1.08239220f; // 2 (cos(pi/8) - sin(pi/8))
    private const float Sum = 2.61312593f; // 2 (cos(pi/8) + sin(pi/8))

    /// <summary>The places of zigzag order in a block whose rows and columns are exchanged, as <see cref="Transform"/> takes it.</summary>
    public static ReadOnlySpan<byte> TransposedZigZag =>
    [
        0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56, 49, 42, 35,
        28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
    ];

    /// <summary>What the coefficient in this place (raster order; the same exchanged) is multiplied with.</summary>
    public static double ScaleOf(int index) => LineScale(index / 8) * LineScale(index % 8) / 8;

    /// <summary>
    /// Transforms a block and writes it as bytes, each cut to least..most. The level to be added, and a half for rounding, are in the first coefficient.
    /// </summary>
    public static void Transform(Span<float> block, Span<byte> target, int stride, float least, float most)
    {
        ref var first = ref MemoryMarshal.GetReference(block[..64]);
        var (r0, r1, r2, r3) = (Load(ref first, 0), Load(ref first, 1), Load(ref first, 2), Load(ref first, 3));
        var (r4, r5, r6, r7) = (Load(ref first, 4), Load(ref first, 5), Load(ref first, 6), Load(ref first, 7));
        Lines(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Lines(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        var (low, high) = (Vector256.Create(least), Vector256.Create(most));
        ref var row = ref MemoryMarshal.GetReference(target[..((7 * stride) + 8)]);
        Store(r0, low, high, ref row);
        Store(r1, low, high, ref Unsafe.Add(ref row, stride));
        Store(r2, low, high, ref Unsafe.Add(ref row, 2 * stride));
        Store(r3, low, high, ref Unsafe.Add(ref row, 3 * stride));
        Store(r4, low, high, ref Unsafe.Add(ref row, 4 * stride));
        Store(r5, low, high, ref Unsafe.Add(ref row, 5 * stride));
        Store(r6, low, high, ref Unsafe.Add(ref row, 6 * stride));
        Store(r7, low, high, ref Unsafe.Add(ref row, 7 * stride));
    }

    private static double LineScale(int k) => k == 0 ? 1 : Math.Sqrt(2) * Math.Cos(k * Math.PI / 16);

    private static Vector256<float> Load(ref float first, int row) => Vector256.LoadUnsafe(ref first, (nuint)(row * 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        var (sum04, difference04, sum26) = (r0 + r4, r0 - r4, r2 + r6);
        var middle = ((r2 - r6) * Root) - sum26;
        var (even0, even3, even1, even2) = (sum04 + sum26, sum04 - sum26, difference04 + middle, difference04 - middle);

        var (sum53, difference53, sum17, difference17) = (r5 + r3, r5 - r3, r1 + r7, r1 - r7);
        var rotation = (difference53 + difference17) * TwoCos8;
        var odd7 = sum17 + sum53;
        var odd6 = rotation - (difference53 * Sum) - odd7;
        var odd5 = ((sum17 - sum53) * Root) - odd6;
        var odd4 = rotation - (difference17 * Difference) - odd5;

        (r0, r7) = (even0 + odd7, even0 - odd7);
        (r1, r6) = (even1 + odd6, even1 - odd6);
        (r2, r5) = (even2 + odd5, even2 - odd5);
        (r3, r4) = (even3 + odd4, even3 - odd4);
    }

    // In three steps of pairs: quarters of 4x4 change places, then 2x2 within them, then single values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        (r0, r4) = (Vector256.Create(r0.GetLower(), r4.GetLower()), Vector256.Create(r0.GetUpper(), r4.GetUpper()));
        (r1, r5) = (Vector256.Create(r1.GetLower(), r5.GetLower()), Vector256.Create(r1.GetUpper(), r5.GetUpper()));
        (r2, r6) = (Vector256.Create(r2.GetLower(), r6.GetLower()), Vector256.Create(r2.GetUpper(), r6.GetUpper()));
        (r3, r7) = (Vector256.Create(r3.GetLower(), r7.GetLower()), Vector256.Create(r3.GetUpper(), r7.GetUpper()));
        Quarters(ref r0, ref r1, ref r2, ref r3);
        Quarters(ref r4, ref r5, ref r6, ref r7);
    }

    // Transposes the 4x4 in each half of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        var (ac0, ac1) = (Interleave(a, c, upper: false), Interleave(a, c, upper: true));
        var (bd0, bd1) = (Interleave(b, d, upper: false), Interleave(b, d, upper: true));
        (a, b) = (Interleave(ac0, bd0, upper: false), Interleave(ac0, bd0, upper: true));
        (c, d) = (Interleave(ac1, bd1, upper: false), Interleave(ac1, bd1, upper: true));
    }

    // x0 y0 x1 y1 or x2 y2 x3 y3, in each half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Interleave(Vector256<float> x, Vector256<float> y, bool upper)
    {
        if (System.Runtime.Intrinsics.X86.Avx.IsSupported)
        {
            return upper ? System.Runtime.Intrinsics.X86.Avx.UnpackHigh(x, y) : System.Runtime.Intrinsics.X86.Avx.UnpackLow(x, y);
        }

        return Vector256.Create(Interleave(x.GetLower(), y.GetLower(), upper), Interleave(x.GetUpper(), y.GetUpper(), upper));
    }

    private static Vector128<float> Interleave(Vector128<float> x, Vector128<float> y, bool upper)
    {
        var first = upper ? 2 : 0;
        return Vector128.Create(x[first], y[first], x[first + 1], y[first + 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, Vector256<float> least, Vector256<float> most, ref byte target)
    {
        var whole = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(values, least), most));
        var shorts = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Unsafe.WriteUnaligned(ref target, Vector128.Narrow(shorts.AsUInt16(), shorts.AsUInt16()).AsUInt64().ToScalar());
    }
}
