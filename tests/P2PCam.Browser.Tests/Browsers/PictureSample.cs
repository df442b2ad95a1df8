using System.Text.Json;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>What a page showed at one moment: the frame number that is drawn in it, and 32 by 18 pixels of it.</summary>
internal sealed record PictureSample(int? FrameNumber, byte[] Pixels, int Width, int Height)
{
    private const int Cells = 34;

    public static PictureSample From(JsonElement sample) => new(
        Decode([.. sample.GetProperty("cells").EnumerateArray().Select(cell => cell.GetInt32())]),
        [.. sample.GetProperty("pixels").EnumerateArray().Select(value => value.GetByte())],
        sample.GetProperty("width").GetInt32(),
        sample.GetProperty("height").GetInt32());

    /// <summary>Red, green and blue at a place of the coarse picture, 32 wide and 18 high.</summary>
    public (byte R, byte G, byte B) At(int x, int y) => (Pixels[3 * ((y * 32) + x)], Pixels[(3 * ((y * 32) + x)) + 1], Pixels[(3 * ((y * 32) + x)) + 2]);

    /// <summary>Mean absolute difference of all samples of two pictures, 0 to 255.</summary>
    public double DifferenceTo(PictureSample other) => Pixels.Zip(other.Pixels, (a, b) => Math.Abs(a - b)).Average();

    // White, black, 24 bits of frame number, 8 bits of checksum: the code strip of the test pattern, read independently of what drew it.
    private static int? Decode(int[] cells)
    {
        if (cells[0] - cells[1] < 60)
        {
            return null;
        }

        var threshold = (cells[0] + cells[1]) / 2;
        var bits = cells.Select(cell => cell > threshold ? 1 : 0).ToArray();
        var number = bits[2..26].Aggregate(0, (value, bit) => (value << 1) | bit);
        var checksum = bits[26..Cells].Aggregate(0, (value, bit) => (value << 1) | bit);
        return checksum == ((((number >> 16) + (number >> 8) + number) & 0xFF) ^ 0x5A) ? number : null;
    }
}
