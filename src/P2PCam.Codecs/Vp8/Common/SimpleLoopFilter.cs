namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The simple loop filter on one macroblock's luma (RFC 6386 section 15.2). Macroblocks are filtered in raster order.</summary>
internal static unsafe class SimpleLoopFilter
{
    /// <inheritdoc cref="LoopFilter.FilterMacroblock"/>
    public static void FilterMacroblock(in Plane luma, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        var pixels = luma.At(column * 16, row * 16);
        if (column > 0)
        {
            FilterEdgeScalar(pixels, luma.Stride, 1, limits.MacroblockEdge);
        }

        for (var i = 4; filterInside && i < 16; i += 4)
        {
            FilterEdgeScalar(pixels + i, luma.Stride, 1, limits.SubblockEdge);
        }

        if (row > 0)
        {
            FilterEdgeScalar(pixels, 1, luma.Stride, limits.MacroblockEdge);
        }

        for (var i = 4; filterInside && i < 16; i += 4)
        {
            FilterEdgeScalar(pixels + (i * luma.Stride), 1, luma.Stride, limits.SubblockEdge);
        }
    }

    /// <summary>Sixteen positions; parameters as in <see cref="LoopFilterScalar.FilterEdge"/>.</summary>
    public static void FilterEdgeScalar(byte* pixels, int along, int across, int edgeLimit)
    {
        for (var i = 0; i < 16; i++, pixels += along)
        {
            var (p1, p0, q0, q1) = (pixels[-2 * across], pixels[-across], pixels[0], pixels[across]);
            if ((Math.Abs(p0 - q0) * 2) + (Math.Abs(p1 - q1) / 2) <= edgeLimit)
            {
                var value = Clamp(Clamp(p1 - q1) + (3 * (q0 - p0)));
                pixels[0] = (byte)(Clamp(q0 - 128 - (Clamp(value + 4) >> 3)) + 128);
                pixels[-across] = (byte)(Clamp(p0 - 128 + (Clamp(value + 3) >> 3)) + 128);
            }
        }
    }

    private static int Clamp(int value) => Math.Clamp(value, -128, 127);
}
