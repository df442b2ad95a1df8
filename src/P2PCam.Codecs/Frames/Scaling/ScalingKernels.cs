using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Scaling;

/// <summary>The inner loops of scaling. Vector and scalar forms give the same bytes.</summary>
internal static class ScalingKernels
{
    private const int LinePrecision = 8;

    /// <summary>A line in 8.8 fixed point: the weighted sum of <c>weights.Length</c> rows that begin at <paramref name="rows"/>.</summary>
    public static void Down(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<short> weights, Span<ushort> line)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= line.Length - 16; i += 16)
            {
                Down16(rows[i..], stride, weights, line[i..]);
            }
        }

        DownScalar(rows[i..], stride, weights, line[i..]);
    }

    public static void DownScalar(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<short> weights, Span<ushort> line)
    {
        const int Shift = FilterTable.Precision - LinePrecision;
        for (var i = 0; i < line.Length; i++)
        {
            var sum = 1 << (Shift - 1);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * rows[(tap * stride) + i];
            }

            line[i] = (ushort)(sum >> Shift);
        }
    }

    /// <summary>Samples of the scaled line, rounded. Gathers by table, which vectors do no faster.</summary>
    public static void Along(ReadOnlySpan<ushort> line, FilterTable filter, Span<byte> result)
    {
        const int Shift = FilterTable.Precision + LinePrecision;
        for (var i = 0; i < result.Length; i++)
        {
            var weights = filter.Weights(i);
            var samples = line.Slice(filter.Start(i), weights.Length);
            var sum = 1 << (Shift - 1);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * samples[tap];
            }

            result[i] = (byte)(sum >> Shift);
        }
    }

    /// <summary>The rounded means of 2x2 blocks of two rows.</summary>
    public static void Halve(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> result)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= result.Length - 16; i += 16)
            {
                var at = 2 * i;
                var first = MeanOf8Blocks(upper[at..], lower[at..]);
                Vector128.Narrow(first, MeanOf8Blocks(upper[(at + 16)..], lower[(at + 16)..])).CopyTo(result[i..]);
            }
        }

        HalveScalar(upper[(2 * i)..], lower[(2 * i)..], result[i..]);
    }

    public static void HalveScalar(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)((upper[2 * i] + upper[(2 * i) + 1] + lower[2 * i] + lower[(2 * i) + 1] + 2) >> 2);
        }
    }

    private static void Down16(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<short> weights, Span<ushort> line)
    {
        const int Shift = FilterTable.Precision - LinePrecision;
        var sum0 = Vector128.Create(1 << (Shift - 1));
        var (sum1, sum2, sum3) = (sum0, sum0, sum0);
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var weight = (int)weights[tap];
            var (low, high) = Vector128.Widen(Vector128.Create(rows[(tap * stride)..]));
            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            sum0 += a.AsInt32() * weight;
            sum1 += b.AsInt32() * weight;
            sum2 += c.AsInt32() * weight;
            sum3 += d.AsInt32() * weight;
        }

        Vector128.Narrow((sum0 >> Shift).AsUInt32(), (sum1 >> Shift).AsUInt32()).CopyTo(line);
        Vector128.Narrow((sum2 >> Shift).AsUInt32(), (sum3 >> Shift).AsUInt32()).CopyTo(line[8..]);
    }

    private static Vector128<ushort> MeanOf8Blocks(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower)
    {
        var (above, below) = (Vector128.Create(upper).AsUInt16(), Vector128.Create(lower).AsUInt16());
        var low = Vector128.Create((ushort)0xFF);
        return ((above & low) + (above >>> 8) + (below & low) + (below >>> 8) + Vector128.Create((ushort)2)) >>> 2;
    }
}
