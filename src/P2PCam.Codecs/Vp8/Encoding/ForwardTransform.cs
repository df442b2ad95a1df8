using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The forward DCT and Walsh-Hadamard transforms, scaled so that the inverse ones of RFC 6386 section 14 undo them. Their rounding is ours to choose.
/// </summary>
internal static unsafe class ForwardTransform
{
    // sqrt(2)*cos(pi/8) and sqrt(2)*sin(pi/8), times 4096.
    internal const int Cosine = 5352;
    internal const int Sine = 2217;

    /// <summary>
    /// Transforms the differences of two 8x4 areas each from their predictions into four blocks: two at <paramref name="left"/>, two at <paramref name="right"/>.
    /// </summary>
    public static void Quad(
        byte* sourceLeft, byte* sourceRight, int sourceStride, byte* predictedLeft, byte* predictedRight, int predictedStride, short* left, short* right)
    {
        if (ForwardTransformWide.IsSupported)
        {
            ForwardTransformWide.Quad(sourceLeft, sourceRight, sourceStride, predictedLeft, predictedRight, predictedStride, left, right);
        }
        else
        {
            Pair(sourceLeft, sourceStride, predictedLeft, predictedStride, left);
            Pair(sourceRight, sourceStride, predictedRight, predictedStride, right);
        }
    }

    /// <summary>Transforms the difference of two 8x4 areas into two blocks of 16 coefficients.</summary>
    public static void Pair(byte* source, int sourceStride, byte* predicted, int predictedStride, short* coefficients)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            PairVector(source, sourceStride, predicted, predictedStride, coefficients);
        }
        else
        {
            Scalar(source, sourceStride, predicted, predictedStride, coefficients);
            Scalar(source + 4, sourceStride, predicted + 4, predictedStride, coefficients + 16);
        }
    }

    /// <summary>One 4x4 block, by what <see cref="Pair"/> does.</summary>
    public static void One(byte* source, int sourceStride, byte* predicted, int predictedStride, short* coefficients)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            OneVector(source, sourceStride, predicted, predictedStride, coefficients);
        }
        else
        {
            Scalar(source, sourceStride, predicted, predictedStride, coefficients);
        }
    }

    /// <summary>One 4x4 block.</summary>
    public static void Scalar(byte* source, int sourceStride, byte* predicted, int predictedStride, short* coefficients)
    {
        var rows = stackalloc int[16];
        for (var x = 0; x < 4; x++)
        {
            var r0 = source[x] - predicted[x];
            var r1 = source[x + sourceStride] - predicted[x + predictedStride];
            var r2 = source[x + (2 * sourceStride)] - predicted[x + (2 * predictedStride)];
            var r3 = source[x + (3 * sourceStride)] - predicted[x + (3 * predictedStride)];
            var (a, b, c, d) = (r0 + r3, r1 + r2, r1 - r2, r0 - r3);
            rows[x] = (a + b) * 8;
            rows[4 + x] = ((c * Sine) + (d * Cosine) + 256) >> 9;
            rows[8 + x] = (a - b) * 8;
            rows[12 + x] = ((d * Sine) - (c * Cosine) + 256) >> 9;
        }

        for (var y = 0; y < 16; y += 4)
        {
            var (a, b) = (rows[y] + rows[y + 3], rows[y + 1] + rows[y + 2]);
            var (c, d) = (rows[y + 1] - rows[y + 2], rows[y] - rows[y + 3]);
            coefficients[y] = (short)((a + b + 8) >> 4);
            coefficients[y + 1] = (short)(((c * Sine) + (d * Cosine) + 32768) >> 16);
            coefficients[y + 2] = (short)((a - b + 8) >> 4);
            coefficients[y + 3] = (short)(((d * Sine) - (c * Cosine) + 32768) >> 16);
        }
    }

    public static void PairVector(byte* source, int sourceStride, byte* predicted, int predictedStride, short* coefficients)
    {
        var r0 = Load8(source) - Load8(predicted);
        var r1 = Load8(source + sourceStride) - Load8(predicted + predictedStride);
        var r2 = Load8(source + (2 * sourceStride)) - Load8(predicted + (2 * predictedStride));
        var r3 = Load8(source + (3 * sourceStride)) - Load8(predicted + (3 * predictedStride));
        Transform(ref r0, ref r1, ref r2, ref r3);
        Vector128.Create(r0.GetLower(), r1.GetLower()).Store(coefficients);
        Vector128.Create(r2.GetLower(), r3.GetLower()).Store(coefficients + 8);
        Vector128.Create(r0.GetUpper(), r1.GetUpper()).Store(coefficients + 16);
        Vector128.Create(r2.GetUpper(), r3.GetUpper()).Store(coefficients + 24);
    }

    public static void OneVector(byte* source, int sourceStride, byte* predicted, int predictedStride, short* coefficients)
    {
        var r0 = Load4(source) - Load4(predicted);
        var r1 = Load4(source + sourceStride) - Load4(predicted + predictedStride);
        var r2 = Load4(source + (2 * sourceStride)) - Load4(predicted + (2 * predictedStride));
        var r3 = Load4(source + (3 * sourceStride)) - Load4(predicted + (3 * predictedStride));
        Transform(ref r0, ref r1, ref r2, ref r3);
        Vector128.Create(r0.GetLower(), r1.GetLower()).Store(coefficients);
        Vector128.Create(r2.GetLower(), r3.GetLower()).Store(coefficients + 8);
    }

    /// <summary>Gathers the DC of sixteen blocks of 16 coefficients each into the sixteen Y2 coefficients.</summary>
    public static void WalshHadamard(short* coefficients, short* y2)
    {
        var rows = stackalloc int[16];
        for (var i = 0; i < 4; i++)
        {
            var p = coefficients + (16 * i);
            var (a, b, c, d) = (p[0] + p[192], p[64] + p[128], p[64] - p[128], p[0] - p[192]);
            (rows[i], rows[4 + i], rows[8 + i], rows[12 + i]) = (a + b, c + d, a - b, d - c);
        }

        for (var i = 0; i < 16; i += 4)
        {
            var (a, b) = (rows[i] + rows[i + 3], rows[i + 1] + rows[i + 2]);
            var (c, d) = (rows[i + 1] - rows[i + 2], rows[i] - rows[i + 3]);
            y2[i] = (short)((a + b + 1) >> 1);
            y2[i + 1] = (short)((c + d + 1) >> 1);
            y2[i + 2] = (short)((a - b + 1) >> 1);
            y2[i + 3] = (short)((d - c + 1) >> 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3)
    {
        var (a, b, c, d) = (r0 + r3, r1 + r2, r1 - r2, r0 - r3);
        r0 = Vector128.ShiftLeft(a + b, 3);
        r2 = Vector128.ShiftLeft(a - b, 3);
        r1 = Rotate(c, d, Sine, Cosine, 256, 9);
        r3 = Rotate(c, d, -Cosine, Sine, 256, 9);
        VectorMath.TransposePair(ref r0, ref r1, ref r2, ref r3);
        (a, b, c, d) = (r0 + r3, r1 + r2, r1 - r2, r0 - r3);
        var eight = Vector128.Create((short)8);
        r0 = Vector128.ShiftRightArithmetic(a + b + eight, 4);
        r2 = Vector128.ShiftRightArithmetic(a - b + eight, 4);
        r1 = Rotate(c, d, Sine, Cosine, 32768, 16);
        r3 = Rotate(c, d, -Cosine, Sine, 32768, 16);
        VectorMath.TransposePair(ref r0, ref r1, ref r2, ref r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Load8(byte* p) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(p)).AsByte()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Load4(byte* p) => Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(p)).AsByte()).AsInt16();

    // (c*first + d*second + rounding) >> shift, in 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Rotate(Vector128<short> c, Vector128<short> d, int first, int second, int rounding, int shift)
    {
        var factors = Vector128.Create((first & 0xFFFF) | (second << 16)).AsInt16();
        var low = VectorMath.MultiplyAddPairs(VectorMath.ZipLow(c, d), factors);
        var high = VectorMath.MultiplyAddPairs(VectorMath.ZipHigh(c, d), factors);
        var round = Vector128.Create(rounding);
        return VectorMath.Narrow(Vector128.ShiftRightArithmetic(low + round, shift), Vector128.ShiftRightArithmetic(high + round, shift));
    }
}
