using P2PCam.Sources.TestPattern;

namespace P2PCam.Broadcasting;

/// <summary>
/// Paints what viewers see when there is no picture: a dark ground, a crossed-out lens, and words.
/// </summary>
internal static class SlatePicture
{
    /// <summary>The smallest side, in pixels, that words fit on.</summary>
    public const int SmallestSide = 32;

    private const string Title = "camera offline";
    private static readonly YuvColor Ground = YuvColor.FromRgb(16, 20, 32);
    private static readonly YuvColor Accent = YuvColor.FromRgb(255, 190, 60);
    private static readonly YuvColor Dim = YuvColor.FromRgb(150, 162, 188);

    /// <summary>An I420 picture of this size, in pixels.</summary>
    public static VideoFrame Paint(int width, int height, string subtitle)
    {
        var frame = VideoFrame.Rent(width, height, PixelFormat.I420, TimeSpan.Zero, out var pixels);
        var canvas = new I420Canvas(pixels.Span, width, height);
        canvas.FillRectangle(0, 0, width, height, Ground);

        // Laid out for 16:9, as the test pattern is.
        var unit = Math.Min(height, width * 9 / 16f);
        var middle = height / 2f;
        PaintLens(canvas, (int)(0.2f * unit), (int)(middle - (0.34f * unit)));
        Write(canvas, Title, 0.1f * unit, middle - (0.02f * unit), Accent);
        Write(canvas, subtitle, 0.05f * unit, middle + (0.16f * unit), Dim);
        return frame;
    }

    private static void PaintLens(in I420Canvas canvas, int diameter, int top)
    {
        var thickness = Math.Max(2, diameter / 8);
        var left = (canvas.Width - diameter) / 2;
        canvas.Blend(CoverageMask.Disc(diameter), left, top, Dim);
        canvas.Blend(CoverageMask.Disc(diameter - (2 * thickness)), left + thickness, top + thickness, Ground);
        canvas.FillRectangle(left - thickness, top + ((diameter - thickness) / 2), left + diameter + thickness, top + ((diameter + thickness) / 2), Accent);
    }

    private static void Write(in I420Canvas canvas, string text, float capHeight, float top, YuvColor color)
    {
        var (glyphs, room) = (new GlyphSet(capHeight), 0.9f * canvas.Width);
        if (glyphs.Measure(text) is var needed && needed > room)
        {
            glyphs = new GlyphSet(Math.Max(1, capHeight * room / needed));
        }

        canvas.DrawText(text, glyphs, (canvas.Width - glyphs.Measure(text)) / 2, top, color);
    }
}
