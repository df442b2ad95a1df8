using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The normal loop filter on one macroblock (RFC 6386 section 15.3). Macroblocks are filtered in raster order.</summary>
internal static unsafe class LoopFilter
{
    /// <param name="frame">The picture, filtered in place.</param>
    /// <param name="column">Macroblock column; the left edge of column 0 is not filtered.</param>
    /// <param name="row">Macroblock row; the top edge of row 0 is not filtered.</param>
    /// <param name="limits">From <see cref="LoopFilterLimits.For"/>.</param>
    /// <param name="filterInside">Also the edges between subblocks; not where a whole-block prediction has no coefficients.</param>
    public static void FilterMacroblock(FrameBuffer frame, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        if (LoopFilterWide.IsSupported)
        {
            FilterWide(frame, column, row, limits, filterInside);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            FilterVector(frame, column, row, limits, filterInside);
        }
        else
        {
            FilterScalar(frame, column, row, limits, filterInside);
        }
    }

    public static void FilterScalar(FrameBuffer frame, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        FilterPlaneScalar(frame.Y, 16, column, row, limits, filterInside);
        FilterPlaneScalar(frame.U, 8, column, row, limits, filterInside);
        FilterPlaneScalar(frame.V, 8, column, row, limits, filterInside);
    }

    public static void FilterVector(FrameBuffer frame, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        var y = frame.Y.At(column * 16, row * 16);
        var u = frame.U.At(column * 8, row * 8);
        var v = frame.V.At(column * 8, row * 8);
        var (lumaStride, chromaStride) = (frame.Y.Stride, frame.U.Stride);
        var edge = new LoopFilterVectors(limits.MacroblockEdge, limits);
        var inner = new LoopFilterVectors(limits.SubblockEdge, limits);
        if (column > 0)
        {
            edge.FilterColumns(y, y + (8 * lumaStride), lumaStride, isMacroblockEdge: true);
            edge.FilterColumns(u, v, chromaStride, isMacroblockEdge: true);
        }

        if (filterInside)
        {
            inner.FilterColumns(y + 4, y + 4 + (8 * lumaStride), lumaStride, isMacroblockEdge: false);
            inner.FilterColumns(y + 8, y + 8 + (8 * lumaStride), lumaStride, isMacroblockEdge: false);
            inner.FilterColumns(y + 12, y + 12 + (8 * lumaStride), lumaStride, isMacroblockEdge: false);
            inner.FilterColumns(u + 4, v + 4, chromaStride, isMacroblockEdge: false);
        }

        if (row > 0)
        {
            edge.FilterRows(y, y + 8, lumaStride, isMacroblockEdge: true);
            edge.FilterRows(u, v, chromaStride, isMacroblockEdge: true);
        }

        if (filterInside)
        {
            for (var i = 4; i < 16; i += 4)
            {
                inner.FilterRows(y + (i * lumaStride), y + (i * lumaStride) + 8, lumaStride, isMacroblockEdge: false);
            }

            inner.FilterRows(u + (4 * chromaStride), v + (4 * chromaStride), chromaStride, isMacroblockEdge: false);
        }
    }

    public static void FilterWide(FrameBuffer frame, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        var y = frame.Y.At(column * 16, row * 16);
        var u = frame.U.At(column * 8, row * 8);
        var v = frame.V.At(column * 8, row * 8);
        var (lumaStride, chromaStride) = (frame.Y.Stride, frame.U.Stride);
        if (column > 0)
        {
            new LoopFilterWide(limits.MacroblockEdge, limits).FilterColumns(y, u, v, lumaStride, chromaStride, isMacroblockEdge: true);
        }

        // Chroma has but one edge inside, which goes with the first of luma.
        if (filterInside)
        {
            new LoopFilterWide(limits.SubblockEdge, limits).FilterColumns(y + 4, u + 4, v + 4, lumaStride, chromaStride, isMacroblockEdge: false);
            var inner = new LoopFilterVectors(limits.SubblockEdge, limits);
            inner.FilterColumns(y + 8, y + 8 + (8 * lumaStride), lumaStride, isMacroblockEdge: false);
            inner.FilterColumns(y + 12, y + 12 + (8 * lumaStride), lumaStride, isMacroblockEdge: false);
        }

        if (row > 0)
        {
            new LoopFilterWide(limits.MacroblockEdge, limits).FilterRows(y, u, v, lumaStride, chromaStride, isMacroblockEdge: true);
        }

        if (filterInside)
        {
            var (luma, chroma) = (4 * lumaStride, 4 * chromaStride);
            new LoopFilterWide(limits.SubblockEdge, limits).FilterRows(y + luma, u + chroma, v + chroma, lumaStride, chromaStride, isMacroblockEdge: false);
            var inner = new LoopFilterVectors(limits.SubblockEdge, limits);
            inner.FilterRows(y + (2 * luma), y + (2 * luma) + 8, lumaStride, isMacroblockEdge: false);
            inner.FilterRows(y + (3 * luma), y + (3 * luma) + 8, lumaStride, isMacroblockEdge: false);
        }
    }

    private static void FilterPlaneScalar(in Plane plane, int size, int column, int row, in LoopFilterLimits limits, bool filterInside)
    {
        var pixels = plane.At(column * size, row * size);
        if (column > 0)
        {
            LoopFilterScalar.FilterEdge(pixels, plane.Stride, 1, size, limits.MacroblockEdge, limits, isMacroblockEdge: true);
        }

        for (var i = 4; filterInside && i < size; i += 4)
        {
            LoopFilterScalar.FilterEdge(pixels + i, plane.Stride, 1, size, limits.SubblockEdge, limits, isMacroblockEdge: false);
        }

        if (row > 0)
        {
            LoopFilterScalar.FilterEdge(pixels, 1, plane.Stride, size, limits.MacroblockEdge, limits, isMacroblockEdge: true);
        }

        for (var i = 4; filterInside && i < size; i += 4)
        {
            LoopFilterScalar.FilterEdge(
                pixels + (i * plane.Stride), 1, plane.Stride, size, limits.SubblockEdge, limits, isMacroblockEdge: false);
        }
    }
}
