namespace P2PCam.Sources.TestPattern;

/// <summary>
/// The frame number as black and white cells along the bottom edge, for machines to read after compression and scaling: 34 cells of equal
/// width, one white and one black to find the levels, 24 bits of the number, 8 bits of checksum, most significant bit first.
/// </summary>
internal static class CodeStrip
{
    public const int Cells = 34;
    private const int NumberBits = 24;

    /// <summary>Height in pixels for a picture of this height.</summary>
    public static int HeightFor(int pictureHeight) => Math.Max(16, pictureHeight / 12);

    /// <summary>The cells as bits, the leftmost in bit 33.</summary>
    public static long Encode(int frameNumber)
    {
        var number = frameNumber & 0xFF_FFFF;
        var checksum = (((number >> 16) + (number >> 8) + number) & 0xFF) ^ 0x5A;
        return (0b10L << 32) | ((long)number << 8) | (uint)checksum;
    }

    public static void Draw(in I420Canvas canvas, int frameNumber)
    {
        var bits = Encode(frameNumber);
        var top = canvas.Height - HeightFor(canvas.Height);
        for (var cell = 0; cell < Cells; cell++)
        {
            var isWhite = ((bits >> (Cells - 1 - cell)) & 1) != 0;
            canvas.FillRectangle(cell * canvas.Width / Cells, top, (cell + 1) * canvas.Width / Cells, canvas.Height, isWhite ? YuvColor.White : YuvColor.Black);
        }
    }

    /// <summary>Reads cells back, most significant first; null when levels or checksum are not right.</summary>
    /// <param name="cells">The luma of each of the 34 cells.</param>
    public static int? Decode(ReadOnlySpan<byte> cells)
    {
        if (cells.Length != Cells || cells[0] - cells[1] < 60)
        {
            return null;
        }

        var threshold = (cells[0] + cells[1]) / 2;
        var bits = 0L;
        foreach (var cell in cells)
        {
            bits = (bits << 1) | (cell > threshold ? 1L : 0L);
        }

        var number = (int)((bits >> 8) & ((1 << NumberBits) - 1));
        return Encode(number) == bits ? number : null;
    }
}
