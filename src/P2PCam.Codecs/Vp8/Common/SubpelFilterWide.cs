using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// <see cref="SubpelFilter"/> for AVX2 and widths of 8 and 16: products of neighbouring bytes are added in pairs, first with second and third with fourth
/// tap around the middle, then the outermost two. No sum leaves 16 signed bits before the last, which saturates where the result is 255 anyway.
/// </summary>
internal static unsafe class SubpelFilterWide
{
    public static bool IsSupported => Avx2.IsSupported;

    private static Vector256<byte> InnerLeft => Repeat(Vector128.Create((byte)1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9));

    private static Vector256<byte> InnerRight => Repeat(Vector128.Create((byte)3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11));

    private static Vector256<byte> Outer => Repeat(Vector128.Create((byte)0, 5, 1, 6, 2, 7, 3, 8, 4, 9, 5, 10, 6, 11, 7, 12));

    /// <summary>Between columns. At least two rows where the width is 8.</summary>
    public static void Horizontal(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, in short taps)
    {
        var (left, right, outer) = (Pair(taps, 1, 2), Pair(taps, 3, 4), Pair(taps, 0, 5));
        source -= 2;
        if (width == 16)
        {
            for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
            {
                HorizontalRow(source, source + 8, left, right, outer).Store(target);
            }

            return;
        }

        for (var y = 0; y < height; y += 2)
        {
            // An odd last row goes together with the one before once more.
            var row = Math.Min(y, height - 2);
            var from = source + (row * sourceStride);
            var to = target + (row * targetStride);
            StoreHalves(HorizontalRow(from, from + sourceStride, left, right, outer), to, to + targetStride);
        }
    }

    /// <summary>Between rows; the height is even.</summary>
    public static void Vertical(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, in short taps)
    {
        var (left, right, outer) = (Pair(taps, 1, 2), Pair(taps, 3, 4), Pair(taps, 0, 5));
        source -= 2 * sourceStride;
        var r0 = LoadRows(source, sourceStride, width);
        var r1 = LoadRows(source + sourceStride, sourceStride, width);
        var r2 = LoadRows(source + (2 * sourceStride), sourceStride, width);
        var r3 = LoadRows(source + (3 * sourceStride), sourceStride, width);
        source += 4 * sourceStride;
        for (var y = 0; y < height; y += 2, source += 2 * sourceStride, target += 2 * targetStride)
        {
            var r4 = LoadRows(source, sourceStride, width);
            var r5 = LoadRows(source + sourceStride, sourceStride, width);
            var low = Sum(Avx2.UnpackLow(r1, r2), Avx2.UnpackLow(r3, r4), Avx2.UnpackLow(r0, r5), left, right, outer);
            if (width == 16)
            {
                var high = Sum(Avx2.UnpackHigh(r1, r2), Avx2.UnpackHigh(r3, r4), Avx2.UnpackHigh(r0, r5), left, right, outer);
                var rows = Avx2.PackUnsignedSaturate(low, high);
                rows.GetLower().Store(target);
                rows.GetUpper().Store(target + targetStride);
            }
            else
            {
                StoreHalves(Sse2.PackUnsignedSaturate(low.GetLower(), low.GetUpper()), target, target + targetStride);
            }

            (r0, r1, r2, r3) = (r2, r3, r4, r5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> HorizontalRow(byte* first, byte* second, Vector256<sbyte> left, Vector256<sbyte> right, Vector256<sbyte> outer)
    {
        var pixels = Vector256.Create(Vector128.Load(first), Vector128.Load(second));
        var sum = Sum(Avx2.Shuffle(pixels, InnerLeft), Avx2.Shuffle(pixels, InnerRight), Avx2.Shuffle(pixels, Outer), left, right, outer);
        return Sse2.PackUnsignedSaturate(sum.GetLower(), sum.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Sum(
        Vector256<byte> left, Vector256<byte> right, Vector256<byte> outer, Vector256<sbyte> leftTaps, Vector256<sbyte> rightTaps, Vector256<sbyte> outerTaps)
    {
        var sum = Avx2.MultiplyAddAdjacent(outer, outerTaps) + Vector256.Create((short)64) + Avx2.MultiplyAddAdjacent(left, leftTaps);
        return Vector256.ShiftRightArithmetic(Avx2.AddSaturate(sum, Avx2.MultiplyAddAdjacent(right, rightTaps)), 7);
    }

    // A row and the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LoadRows(byte* source, int stride, int width) => width == 16
        ? Vector256.Create(Vector128.Load(source), Vector128.Load(source + stride))
        : Vector256.Create(Load8(source), Load8(source + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load8(byte* p) => Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(p)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector128<byte> value, byte* first, byte* second)
    {
        Unsafe.WriteUnaligned(first, value.AsUInt64().ToScalar());
        Unsafe.WriteUnaligned(second, value.AsUInt64().GetElement(1));
    }

    private static Vector256<sbyte> Pair(in short taps, int first, int second)
    {
        var (low, high) = (Unsafe.Add(ref Unsafe.AsRef(in taps), first), Unsafe.Add(ref Unsafe.AsRef(in taps), second));
        return Vector256.Create((short)((low & 0xFF) | (high << 8))).AsSByte();
    }

    private static Vector256<byte> Repeat(Vector128<byte> value) => Vector256.Create(value, value);
}
