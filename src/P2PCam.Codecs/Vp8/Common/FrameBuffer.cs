using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>One plane inside a <see cref="FrameBuffer"/>: whole macroblocks, with room around them.</summary>
internal readonly unsafe struct Plane(byte* origin, int stride, int width, int height)
{
    /// <summary>The top left pixel of the picture.</summary>
    public readonly byte* Origin = origin;
    public readonly int Stride = stride;
    public readonly int Width = width;
    public readonly int Height = height;

    public byte* At(int x, int y) => Origin + ((nint)y * Stride) + x;
}

/// <summary>
/// A picture in whole macroblocks with a border of <see cref="Border"/> pixels, in memory that does not move, so that pointers stay good for
/// as long as the buffer is referenced.
/// </summary>
internal sealed unsafe class FrameBuffer
{
    // One vector wide.
    public const int Border = 32;

    private readonly byte[] _memory;

    public FrameBuffer(int columns, int rows)
    {
        Columns = columns;
        Rows = rows;
        var (lumaStride, chromaStride) = ((columns * 16) + (2 * Border), (columns * 8) + (2 * Border));
        var (lumaSize, chromaSize) = (lumaStride * ((rows * 16) + (2 * Border)), chromaStride * ((rows * 8) + (2 * Border)));

        // A vector's width of slack at either end.
        _memory = GC.AllocateArray<byte>(lumaSize + (2 * chromaSize) + 128, pinned: true);
        var start = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 64);
        Y = new Plane(start + (Border * lumaStride) + Border, lumaStride, columns * 16, rows * 16);
        U = new Plane(start + lumaSize + (Border * chromaStride) + Border, chromaStride, columns * 8, rows * 8);
        V = new Plane(start + lumaSize + chromaSize + (Border * chromaStride) + Border, chromaStride, columns * 8, rows * 8);
    }

    /// <summary>Macroblocks across.</summary>
    public int Columns { get; }

    /// <summary>Macroblocks down.</summary>
    public int Rows { get; }

    public Plane Y { get; }

    public Plane U { get; }

    public Plane V { get; }

    /// <summary>Repeats the outermost pixels, so that vectors may point outside (RFC 6386 section 18.3).</summary>
    public void ExtendBorders()
    {
        for (var row = 0; row < Rows; row++)
        {
            ExtendSides(row);
        }

        ExtendTopAndBottom();
    }

    /// <summary>The part of <see cref="ExtendBorders"/> to the left and right of one row of macroblocks.</summary>
    public void ExtendSides(int row)
    {
        ExtendSides(Y, row * 16, 16);
        ExtendSides(U, row * 8, 8);
        ExtendSides(V, row * 8, 8);
    }

    /// <summary>The rest of <see cref="ExtendBorders"/>, once all sides are done.</summary>
    public void ExtendTopAndBottom()
    {
        ExtendTopAndBottom(Y);
        ExtendTopAndBottom(U);
        ExtendTopAndBottom(V);
    }

    /// <summary>Sets what intra prediction finds outside the picture: 127 above, 129 to the left (RFC 6386 section 12.2).</summary>
    public void PrepareIntraEdges()
    {
        PrepareIntraEdges(Y);
        PrepareIntraEdges(U);
        PrepareIntraEdges(V);
    }

    private static void ExtendSides(Plane plane, int first, int count)
    {
        for (var y = first; y < first + count; y++)
        {
            var row = plane.At(0, y);
            Vector256.Create(row[0]).Store(row - Border);
            Vector256.Create(row[plane.Width - 1]).Store(row + plane.Width);
        }
    }

    private static void ExtendTopAndBottom(Plane plane)
    {
        var first = new ReadOnlySpan<byte>(plane.At(-Border, 0), plane.Stride);
        var last = new ReadOnlySpan<byte>(plane.At(-Border, plane.Height - 1), plane.Stride);
        for (var y = 1; y <= Border; y++)
        {
            first.CopyTo(new Span<byte>(plane.At(-Border, -y), plane.Stride));
            last.CopyTo(new Span<byte>(plane.At(-Border, plane.Height - 1 + y), plane.Stride));
        }
    }

    private static void PrepareIntraEdges(Plane plane)
    {
        new Span<byte>(plane.At(-1, -1), plane.Width + 1 + 16).Fill(127);
        for (var y = 0; y < plane.Height; y++)
        {
            *plane.At(-1, y) = 129;
        }
    }
}
