namespace P2PCam.TestKit.Pictures;

/// <summary>
/// Reads the frame number from the bottom edge of a test pattern, on its own terms and not with the code that draws it:
/// <code>
/// | white | black | 24 bits of the frame number | 8 bits of checksum |     34 cells of equal width, white = 1,
///                   most significant bit first                           the bottom max(16, height / 12) rows
/// checksum = ((b0 + b1 + b2) &amp; 0xFF) ^ 0x5A over the three bytes of the number
/// </code>
/// </summary>
public static class CodeStripReader
{
    public const int Cells = 34;

    /// <summary>White and black cells that lie closer together than this are noise.</summary>
    private const int LeastContrast = 60;

    /// <summary>Height of the strip in pixels for a picture of this height.</summary>
    public static int HeightFor(int pictureHeight) => Math.Max(16, pictureHeight / 12);

    /// <summary>The frame number in a luma plane; null when there is no strip or its checksum fails.</summary>
    public static int? Read(ReadOnlySpan<byte> luma, int stride, int width, int height)
    {
        Span<int> cells = stackalloc int[Cells];
        for (var cell = 0; cell < Cells; cell++)
        {
            cells[cell] = MeanOfCell(luma, stride, 1, width, height, cell);
        }

        return Decode(cells);
    }

    /// <summary>The frame number in packed pixels whose first three bytes are colours, in any order (RGB24, RGBA, BGRA).</summary>
    public static int? ReadPacked(ReadOnlySpan<byte> pixels, int bytesPerPixel, int width, int height)
    {
        Span<int> cells = stackalloc int[Cells];
        for (var cell = 0; cell < Cells; cell++)
        {
            cells[cell] = 0;
            for (var channel = 0; channel < 3; channel++)
            {
                cells[cell] += MeanOfCell(pixels[channel..], bytesPerPixel * width, bytesPerPixel, width, height, cell) / 3;
            }
        }

        return Decode(cells);
    }

    /// <summary>The mean of the middle of a cell: its edges are blurred by compression and scaling.</summary>
    private static int MeanOfCell(ReadOnlySpan<byte> samples, int stride, int step, int width, int height, int cell)
    {
        var (left, right) = (cell * width / Cells, (cell + 1) * width / Cells);
        var (top, margin) = (height - HeightFor(height), HeightFor(height) / 4);
        var inset = (right - left) / 4;
        var (sum, count) = (0, 0);
        for (var row = top + margin; row < height - margin; row++)
        {
            for (var column = left + inset; column < right - inset; column++)
            {
                sum += samples[(row * stride) + (column * step)];
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static int? Decode(ReadOnlySpan<int> cells)
    {
        if (cells[0] - cells[1] < LeastContrast)
        {
            return null;
        }

        var threshold = (cells[0] + cells[1]) / 2;
        var bits = 0L;
        foreach (var cell in cells[2..])
        {
            bits = (bits << 1) | (cell > threshold ? 1L : 0L);
        }

        var (number, checksum) = ((int)(bits >> 8), (int)(bits & 0xFF));
        var expected = (((number >> 16) + ((number >> 8) & 0xFF) + (number & 0xFF)) & 0xFF) ^ 0x5A;
        return checksum == expected ? number : null;
    }
}
