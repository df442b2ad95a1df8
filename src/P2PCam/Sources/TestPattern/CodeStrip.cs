namespace P2PCam.Sources.TestPattern;

/// <summary>
/// The frame number as black and white cells along the bottom edge, for machines to read after compression and scaling: 34 cells of equal
/// width, one white and one black to find the levels, 24 bits of the number, 8 bits of checksum, most significant bit first.
/// </summary>
internal static class CodeStrip
{
    public const int Cells = 34;

    /// <summary>Numbers begin at 0 again after this one.</summary>
    public const int LargestNumber = (1 << NumberBits) - 1;

    private const int NumberBits = 24;

    /// <summary>Height in pixels for a picture of this height.</summary>
    public static int HeightFor(int pictureHeight) => Math.Max(16, pictureHeight / 12);

    /// <summary>The cells as bits, the leftmost in bit 33.</summary>
    public static long Encode(int frameNumber)
    {
        var number = frameNumber & LargestNumber;
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
            var (left, right) = (cell * canvas.Width / Cells, (cell + 1) * canvas.Width / Cells);
            canvas.FillRectangle(left, top, right, canvas.Height, isWhite ? YuvColor.White : YuvColor.Black);
        }
    }
}
