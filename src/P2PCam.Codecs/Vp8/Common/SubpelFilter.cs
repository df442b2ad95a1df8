using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Six-tap interpolation between pixels for bitstream profile 0 (RFC 6386 section 18.3), in eighths of a pixel.</summary>
internal static unsafe class SubpelFilter
{
    private const int MaxSize = 16;
    private const int RowsBefore = 2;
    private const int RowsAround = 5;

    // The true sum of six products lies in -8160..40800: with this added it fits 16 unsigned bits.
    private const ushort Bias = 8192;

    // [eighth 8][tap 6]; taps reach from two pixels before to three after.
    private static ReadOnlySpan<short> Taps =>
    [
        0, 0, 128, 0, 0, 0, 0, -6, 123, 12, -1, 0, 2, -11, 108, 36, -8, 1, 0, -9, 93, 50, -6, 0,
        3, -16, 77, 77, -16, 3, 0, -6, 50, 93, -9, 0, 1, -8, 36, 108, -11, 2, 0, -1, 12, 123, -6, 0,
    ];

    /// <summary>
    /// Predicts a block whose width is 4, 8 or 16; <paramref name="source"/> is the whole-pixel position and needs two rows and
    /// columns before and three after the block, and seven readable bytes behind the last of those. x first, rounded to 8 bits, then y.
    /// </summary>
    public static void Predict(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, int eighthX, int eighthY)
    {
        if ((eighthX | eighthY) == 0)
        {
            Copy(source, sourceStride, target, targetStride, width, height);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            PredictVector(source, sourceStride, target, targetStride, width, height, eighthX, eighthY);
        }
        else
        {
            PredictScalar(source, sourceStride, target, targetStride, width, height, eighthX, eighthY);
        }
    }

    public static void PredictScalar(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, int eighthX, int eighthY)
    {
        var rows = stackalloc byte[MaxSize * (MaxSize + RowsAround)];
        Scalar(source - (RowsBefore * sourceStride), sourceStride, 1, rows, MaxSize, width, height + RowsAround, eighthX);
        Scalar(rows + (RowsBefore * MaxSize), MaxSize, MaxSize, target, targetStride, width, height, eighthY);
    }

    public static void PredictVector(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, int eighthX, int eighthY)
    {
        if (eighthY == 0)
        {
            Vector(source, sourceStride, 1, target, targetStride, width, height, eighthX);
        }
        else if (eighthX == 0)
        {
            Vector(source, sourceStride, sourceStride, target, targetStride, width, height, eighthY);
        }
        else
        {
            var rows = stackalloc byte[(MaxSize * (MaxSize + RowsAround)) + 8];
            Vector(source - (RowsBefore * sourceStride), sourceStride, 1, rows, MaxSize, width, height + RowsAround, eighthX);
            Vector(rows + (RowsBefore * MaxSize), MaxSize, MaxSize, target, targetStride, width, height, eighthY);
        }
    }

    public static void Copy(byte* source, int sourceStride, byte* target, int targetStride, int width, int height)
    {
        switch (width)
        {
            case 16:
                for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
                {
                    Vector128.Load(source).Store(target);
                }

                break;
            case 8:
                for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
                {
                    Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<ulong>(source));
                }

                break;
            default:
                for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
                {
                    Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<uint>(source));
                }

                break;
        }
    }

    // step is the distance between taps: 1 for x, the stride for y.
    private static void Scalar(byte* source, int sourceStride, int step, byte* target, int targetStride, int width, int height, int eighth)
    {
        var taps = Taps.Slice(eighth * 6, 6);
        for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
        {
            for (var x = 0; x < width; x++)
            {
                var p = source + x;
                var sum = (p[-2 * step] * taps[0]) + (p[-step] * taps[1]) + (p[0] * taps[2])
                    + (p[step] * taps[3]) + (p[2 * step] * taps[4]) + (p[3 * step] * taps[5]);
                target[x] = (byte)Math.Clamp((sum + 64) >> 7, 0, 255);
            }
        }
    }

    private static void Vector(byte* source, int sourceStride, int step, byte* target, int targetStride, int width, int height, int eighth)
    {
        ref readonly var taps = ref Taps[eighth * 6];
        if (SubpelFilterWide.IsSupported && width >= 8)
        {
            if (step == 1)
            {
                SubpelFilterWide.Horizontal(source, sourceStride, target, targetStride, width, height, in taps);
            }
            else
            {
                SubpelFilterWide.Vertical(source, sourceStride, target, targetStride, width, height, in taps);
            }

            return;
        }

        if ((eighth & 1) != 0)
        {
            Vector4(source, sourceStride, step, target, targetStride, width, height, in taps);
            return;
        }

        var t0 = Splat(in taps, 0);
        var t1 = Splat(in taps, 1);
        var t2 = Splat(in taps, 2);
        var t3 = Splat(in taps, 3);
        var t4 = Splat(in taps, 4);
        var t5 = Splat(in taps, 5);
        for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
        {
            for (var x = 0; x < width; x += 8)
            {
                var p = source + x;
                var sum = (Load8(p - (2 * step)) * t0) + (Load8(p - step) * t1) + (Load8(p) * t2)
                    + (Load8(p + step) * t3) + (Load8(p + (2 * step)) * t4) + (Load8(p + (3 * step)) * t5);
                Store(sum, target + x, width);
            }
        }
    }

    // Odd eighths have no outer taps.
    private static void Vector4(byte* source, int sourceStride, int step, byte* target, int targetStride, int width, int height, in short taps)
    {
        var t1 = Splat(in taps, 1);
        var t2 = Splat(in taps, 2);
        var t3 = Splat(in taps, 3);
        var t4 = Splat(in taps, 4);
        for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
        {
            for (var x = 0; x < width; x += 8)
            {
                var p = source + x;
                Store((Load8(p - step) * t1) + (Load8(p) * t2) + (Load8(p + step) * t3) + (Load8(p + (2 * step)) * t4), target + x, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Splat(in short taps, int index) => Vector128.Create((ushort)Unsafe.Add(ref Unsafe.AsRef(in taps), index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Load8(byte* p) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(p)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<ushort> sum, byte* target, int width)
    {
        var rounded = Vector128.ShiftRightLogical(sum + Vector128.Create((ushort)(Bias + 64)), 7).AsInt16() - Vector128.Create((short)(Bias >> 7));
        var pixels = VectorMath.PackUnsigned(rounded, rounded);
        if (width == 4)
        {
            Unsafe.WriteUnaligned(target, pixels.AsUInt32().ToScalar());
        }
        else
        {
            pixels.GetLower().Store(target);
        }
    }
}
