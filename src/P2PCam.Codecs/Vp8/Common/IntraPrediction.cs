using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// Predicts a whole 16x16 luma or 8x8 chroma block from the row above and the column to its left (RFC 6386 sections 12.2 and 12.3).
/// Outside the picture the frame buffer holds 127 above and 129 to the left.
/// </summary>
internal static unsafe class IntraPrediction
{
    /// <param name="neighbors">Top left pixel of the block in the picture whose neighbours are read.</param>
    /// <param name="stride">Bytes from row to row of <paramref name="neighbors"/>.</param>
    /// <param name="target">Where the prediction goes; may be <paramref name="neighbors"/> itself.</param>
    /// <param name="targetStride">Bytes from row to row of <paramref name="target"/>.</param>
    /// <param name="size">16 or 8.</param>
    /// <param name="mode">One of the first four modes.</param>
    /// <param name="hasAbove">The block above lies in the picture; matters to DC only.</param>
    /// <param name="hasLeft">The block to the left lies in the picture; matters to DC only.</param>
    public static void Predict(
        byte* neighbors, int stride, byte* target, int targetStride, int size, MacroblockMode mode, bool hasAbove, bool hasLeft)
    {
        switch (mode)
        {
            case MacroblockMode.Dc:
                FillRows(target, targetStride, size, Dc(neighbors, stride, size, hasAbove, hasLeft));
                break;
            case MacroblockMode.Vertical:
                CopyRow(neighbors - stride, target, targetStride, size);
                break;
            case MacroblockMode.Horizontal:
                for (var y = 0; y < size; y++)
                {
                    new Span<byte>(target + (y * targetStride), size).Fill(neighbors[(y * stride) - 1]);
                }

                break;
            default:
                TrueMotion(neighbors, stride, target, targetStride, size);
                break;
        }
    }

    public static void TrueMotionScalar(byte* neighbors, int stride, byte* target, int targetStride, int size)
    {
        var above = neighbors - stride;
        for (var y = 0; y < size; y++)
        {
            var difference = neighbors[(y * stride) - 1] - above[-1];
            for (var x = 0; x < size; x++)
            {
                target[(y * targetStride) + x] = (byte)Math.Clamp(above[x] + difference, 0, 255);
            }
        }
    }

    public static void TrueMotionVector(byte* neighbors, int stride, byte* target, int targetStride, int size)
    {
        var above = neighbors - stride;
        var corner = Vector128.Create((short)above[-1]);
        var (low, high) = size == 16
            ? Vector128.Widen(Vector128.Load(above))
            : Vector128.Widen(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(above)).AsByte());
        for (var y = 0; y < size; y++, target += targetStride)
        {
            var difference = Vector128.Create((short)neighbors[(y * stride) - 1]) - corner;
            var row = VectorMath.PackUnsigned(low.AsInt16() + difference, high.AsInt16() + difference);
            if (size == 16)
            {
                row.Store(target);
            }
            else
            {
                row.GetLower().Store(target);
            }
        }
    }

    private static void TrueMotion(byte* neighbors, int stride, byte* target, int targetStride, int size)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            TrueMotionVector(neighbors, stride, target, targetStride, size);
        }
        else
        {
            TrueMotionScalar(neighbors, stride, target, targetStride, size);
        }
    }

    private static byte Dc(byte* neighbors, int stride, int size, bool hasAbove, bool hasLeft)
    {
        if (!hasAbove && !hasLeft)
        {
            return 128;
        }

        var sum = 0;
        for (var i = 0; hasAbove && i < size; i++)
        {
            sum += neighbors[i - stride];
        }

        for (var i = 0; hasLeft && i < size; i++)
        {
            sum += neighbors[(i * stride) - 1];
        }

        var count = hasAbove && hasLeft ? 2 * size : size;
        return (byte)((sum + (count / 2)) / count);
    }

    private static void FillRows(byte* target, int stride, int size, byte value)
    {
        for (var y = 0; y < size; y++)
        {
            new Span<byte>(target + (y * stride), size).Fill(value);
        }
    }

    private static void CopyRow(byte* row, byte* target, int stride, int size)
    {
        for (var y = 0; y < size; y++)
        {
            new ReadOnlySpan<byte>(row, size).CopyTo(new Span<byte>(target + (y * stride), size));
        }
    }
}
