using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>The forward DCT of four blocks at once, for AVX2; the same bits as <see cref="ForwardTransform.Scalar"/>.</summary>
internal static unsafe class ForwardTransformWide
{
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Two 8x4 areas; their blocks go to <paramref name="left"/> and <paramref name="right"/>.</summary>
    public static void Quad(
        byte* sourceLeft, byte* sourceRight, int sourceStride, byte* predictedLeft, byte* predictedRight, int predictedStride, short* left, short* right)
    {
        var r0 = Difference(sourceLeft, sourceRight, predictedLeft, predictedRight);
        var r1 = Difference(sourceLeft + sourceStride, sourceRight + sourceStride, predictedLeft + predictedStride, predictedRight + predictedStride);
        var (twoSource, twoPredicted) = (2 * sourceStride, 2 * predictedStride);
        var r2 = Difference(sourceLeft + twoSource, sourceRight + twoSource, predictedLeft + twoPredicted, predictedRight + twoPredicted);
        var (threeSource, threePredicted) = (3 * sourceStride, 3 * predictedStride);
        var r3 = Difference(sourceLeft + threeSource, sourceRight + threeSource, predictedLeft + threePredicted, predictedRight + threePredicted);
        var (a, b, c, d) = (r0 + r3, r1 + r2, r1 - r2, r0 - r3);
        r0 = Vector256.ShiftLeft(a + b, 3);
        r2 = Vector256.ShiftLeft(a - b, 3);
        Rotate(c, d, 256, 9, out r1, out r3);
        WideMath.TransposeQuad(ref r0, ref r1, ref r2, ref r3);
        (a, b, c, d) = (r0 + r3, r1 + r2, r1 - r2, r0 - r3);
        var eight = Vector256.Create((short)8);
        r0 = Vector256.ShiftRightArithmetic(a + b + eight, 4);
        r2 = Vector256.ShiftRightArithmetic(a - b + eight, 4);
        Rotate(c, d, 32768, 16, out r1, out r3);
        WideMath.TransposeQuad(ref r0, ref r1, ref r2, ref r3);

        // Each row holds its part of four blocks; each block gets its four rows together.
        var (first01, second01) = (Avx2.UnpackLow(r0.AsInt64(), r1.AsInt64()), Avx2.UnpackHigh(r0.AsInt64(), r1.AsInt64()));
        var (first23, second23) = (Avx2.UnpackLow(r2.AsInt64(), r3.AsInt64()), Avx2.UnpackHigh(r2.AsInt64(), r3.AsInt64()));
        Avx2.Permute2x128(first01, first23, 0x20).AsInt16().Store(left);
        Avx2.Permute2x128(second01, second23, 0x20).AsInt16().Store(left + 16);
        Avx2.Permute2x128(first01, first23, 0x31).AsInt16().Store(right);
        Avx2.Permute2x128(second01, second23, 0x31).AsInt16().Store(right + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Difference(byte* sourceLeft, byte* sourceRight, byte* predictedLeft, byte* predictedRight) =>
        WideMath.LoadHalves(sourceLeft, sourceRight) - WideMath.LoadHalves(predictedLeft, predictedRight);

    // c*sine + d*cosine and d*sine - c*cosine, rounded and shifted down, in 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate(Vector256<short> c, Vector256<short> d, int rounding, int shift, out Vector256<short> first, out Vector256<short> second)
    {
        var (low, high) = (Avx2.UnpackLow(c, d), Avx2.UnpackHigh(c, d));
        var forward = Vector256.Create((ForwardTransform.Sine & 0xFFFF) | (ForwardTransform.Cosine << 16)).AsInt16();
        var back = Vector256.Create((-ForwardTransform.Cosine & 0xFFFF) | (ForwardTransform.Sine << 16)).AsInt16();
        var round = Vector256.Create(rounding);
        first = Avx2.PackSignedSaturate(
            Vector256.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(low, forward) + round, shift),
            Vector256.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(high, forward) + round, shift));
        second = Avx2.PackSignedSaturate(
            Vector256.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(low, back) + round, shift),
            Vector256.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(high, back) + round, shift));
    }
}
