using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The inverse DCT of four blocks at once, for AVX2; the same bits as <see cref="InverseTransform.AddScalar"/>.</summary>
internal static unsafe class InverseTransformWide
{
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Adds two pairs of blocks (32 coefficients each) to two 8x4 areas.</summary>
    public static void AddQuad(short* left, short* right, byte* pixelsLeft, byte* pixelsRight, int stride)
    {
        var (b0, b1) = (Vector256.Load(left).AsInt64(), Vector256.Load(left + 16).AsInt64());
        var (b2, b3) = (Vector256.Load(right).AsInt64(), Vector256.Load(right + 16).AsInt64());
        var (left02, left13) = (Avx2.UnpackLow(b0, b1), Avx2.UnpackHigh(b0, b1));
        var (right02, right13) = (Avx2.UnpackLow(b2, b3), Avx2.UnpackHigh(b2, b3));
        var r0 = Avx2.Permute2x128(left02, right02, 0x20).AsInt16();
        var r1 = Avx2.Permute2x128(left13, right13, 0x20).AsInt16();
        var r2 = Avx2.Permute2x128(left02, right02, 0x31).AsInt16();
        var r3 = Avx2.Permute2x128(left13, right13, 0x31).AsInt16();
        Butterfly(ref r0, ref r1, ref r2, ref r3);
        WideMath.TransposeQuad(ref r0, ref r1, ref r2, ref r3);
        Butterfly(ref r0, ref r1, ref r2, ref r3);
        WideMath.TransposeQuad(ref r0, ref r1, ref r2, ref r3);
        AddRow(r0, pixelsLeft, pixelsRight);
        AddRow(r1, pixelsLeft + stride, pixelsRight + stride);
        AddRow(r2, pixelsLeft + (2 * stride), pixelsRight + (2 * stride));
        AddRow(r3, pixelsLeft + (3 * stride), pixelsRight + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(Vector256<short> residual, byte* left, byte* right)
    {
        var sum = WideMath.LoadHalves(left, right) + Vector256.ShiftRightArithmetic(residual + Vector256.Create((short)4), 3);
        var pixels = Sse2.PackUnsignedSaturate(sum.GetLower(), sum.GetUpper()).AsUInt64();
        Unsafe.WriteUnaligned(left, pixels.ToScalar());
        Unsafe.WriteUnaligned(right, pixels.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly(ref Vector256<short> r0, ref Vector256<short> r1, ref Vector256<short> r2, ref Vector256<short> r3)
    {
        var cosine = Vector256.Create((short)InverseTransform.CosineLessOne);
        var sine = Vector256.Create((short)InverseTransform.SineLessOne);
        var (a, b) = (r0 + r2, r0 - r2);
        var c = Avx2.MultiplyHigh(r1, sine) + r1 - (r3 + Avx2.MultiplyHigh(r3, cosine));
        var d = r1 + Avx2.MultiplyHigh(r1, cosine) + Avx2.MultiplyHigh(r3, sine) + r3;
        (r0, r1, r2, r3) = (a + d, b + c, b - c, a - d);
    }
}
