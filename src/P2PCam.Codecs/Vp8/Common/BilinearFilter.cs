using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Bilinear interpolation between pixels for bitstream profiles 1 to 3 (RFC 6386 section 18.3), in eighths of a pixel.</summary>
internal static unsafe class BilinearFilter
{
    private const int MaxSize = 16;

    /// <summary>
    /// Predicts a block whose width is 4, 8 or 16; <paramref name="source"/> is the whole-pixel position and needs one row and
    /// column after the block, and seven readable bytes behind those. x first, rounded to 8 bits, then y.
    /// </summary>
    public static void Predict(byte* source, int sourceStride, byte* target, int targetStride, int width, int height, int eighthX, int eighthY)
    {
        if ((eighthX | eighthY) == 0)
        {
            SubpelFilter.Copy(source, sourceStride, target, targetStride, width, height);
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
        var rows = stackalloc byte[MaxSize * (MaxSize + 1)];
        Scalar(source, sourceStride, 1, rows, MaxSize, width, height + 1, eighthX);
        Scalar(rows, MaxSize, MaxSize, target, targetStride, width, height, eighthY);
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
            var rows = stackalloc byte[(MaxSize * (MaxSize + 1)) + 8];
            Vector(source, sourceStride, 1, rows, MaxSize, width, height + 1, eighthX);
            Vector(rows, MaxSize, MaxSize, target, targetStride, width, height, eighthY);
        }
    }

    // step is the distance between taps: 1 for x, the stride for y.
    private static void Scalar(byte* source, int sourceStride, int step, byte* target, int targetStride, int width, int height, int eighth)
    {
        var (near, far) = (128 - (eighth * 16), eighth * 16);
        for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
        {
            for (var x = 0; x < width; x++)
            {
                target[x] = (byte)(((source[x] * near) + (source[x + step] * far) + 64) >> 7);
            }
        }
    }

    private static void Vector(byte* source, int sourceStride, int step, byte* target, int targetStride, int width, int height, int eighth)
    {
        var (near, far) = (Vector128.Create((ushort)(128 - (eighth * 16))), Vector128.Create((ushort)(eighth * 16)));
        for (var y = 0; y < height; y++, source += sourceStride, target += targetStride)
        {
            for (var x = 0; x < width; x += 8)
            {
                var sum = (Load8(source + x) * near) + (Load8(source + x + step) * far) + Vector128.Create((ushort)64);
                var rounded = Vector128.ShiftRightLogical(sum, 7).AsInt16();
                var pixels = VectorMath.PackUnsigned(rounded, rounded);
                if (width == 4)
                {
                    Unsafe.WriteUnaligned(target, pixels.AsUInt32().ToScalar());
                }
                else
                {
                    pixels.GetLower().Store(target + x);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Load8(byte* p) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(p)).AsByte());
}
