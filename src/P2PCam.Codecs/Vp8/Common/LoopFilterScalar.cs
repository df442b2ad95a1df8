namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The normal loop filter, one pixel position at a time: the twin of <see cref="LoopFilterVectors"/>.</summary>
internal static unsafe class LoopFilterScalar
{
    /// <param name="pixels">The first pixel after the edge.</param>
    /// <param name="along">Bytes to the next position along the edge.</param>
    /// <param name="across">Bytes to the next pixel across the edge.</param>
    /// <param name="count">Positions to filter.</param>
    /// <param name="edgeLimit">How large a step over the edge may be to be filtered.</param>
    /// <param name="limits">The other thresholds.</param>
    /// <param name="isMacroblockEdge">Filter three pixels on either side, not two.</param>
    public static void FilterEdge(
        byte* pixels, int along, int across, int count, int edgeLimit, in LoopFilterLimits limits, bool isMacroblockEdge)
    {
        for (var i = 0; i < count; i++, pixels += along)
        {
            if (!IsSmooth(pixels, across, edgeLimit, limits.Interior))
            {
                continue;
            }

            var highVariance = Difference(pixels[-2 * across], pixels[-across]) > limits.HighVariance
                || Difference(pixels[across], pixels[0]) > limits.HighVariance;
            if (isMacroblockEdge)
            {
                FilterMacroblockEdge(pixels, across, highVariance);
            }
            else
            {
                FilterSubblockEdge(pixels, across, highVariance);
            }
        }
    }

    private static int Difference(byte a, byte b) => Math.Abs(a - b);

    private static bool IsSmooth(byte* p, int s, int edgeLimit, int interior) =>
        (Difference(p[-s], p[0]) * 2) + (Difference(p[-2 * s], p[s]) / 2) <= edgeLimit
        && Difference(p[-4 * s], p[-3 * s]) <= interior && Difference(p[-3 * s], p[-2 * s]) <= interior
        && Difference(p[-2 * s], p[-s]) <= interior && Difference(p[s], p[0]) <= interior
        && Difference(p[2 * s], p[s]) <= interior && Difference(p[3 * s], p[2 * s]) <= interior;

    private static int Signed(byte value) => (sbyte)(value ^ 0x80);

    private static int Clamp(int value) => Math.Clamp(value, -128, 127);

    private static void Add(ref byte pixel, int value) => pixel = (byte)(Clamp(Signed(pixel) + value) ^ 0x80);

    private static void FilterSubblockEdge(byte* p, int s, bool highVariance)
    {
        var outer = highVariance ? Clamp(Signed(p[-2 * s]) - Signed(p[s])) : 0;
        var value = Clamp(outer + (3 * (Signed(p[0]) - Signed(p[-s]))));
        var (after, before) = (Clamp(value + 4) >> 3, Clamp(value + 3) >> 3);
        Add(ref p[0], -after);
        Add(ref p[-s], before);
        if (!highVariance)
        {
            Add(ref p[s], -((after + 1) >> 1));
            Add(ref p[-2 * s], (after + 1) >> 1);
        }
    }

    private static void FilterMacroblockEdge(byte* p, int s, bool highVariance)
    {
        var value = Clamp(Clamp(Signed(p[-2 * s]) - Signed(p[s])) + (3 * (Signed(p[0]) - Signed(p[-s]))));
        if (highVariance)
        {
            var (after, before) = (Clamp(value + 4) >> 3, Clamp(value + 3) >> 3);
            Add(ref p[0], -after);
            Add(ref p[-s], before);
            return;
        }

        for (var i = 0; i < 3; i++)
        {
            var part = Clamp(((27 - (9 * i)) * value + 63) >> 7);
            Add(ref p[i * s], -part);
            Add(ref p[-(i + 1) * s], part);
        }
    }
}
