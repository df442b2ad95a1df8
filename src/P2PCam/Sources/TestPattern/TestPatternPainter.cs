using System.Globalization;

namespace P2PCam.Sources.TestPattern;

/// <summary>
/// Paints the test pattern: what stands still once, the rest into a copy of it for each frame.
/// <code>
/// colour bars, a ball bouncing in front
/// --------- sweeps once a second ------
/// NO CAMERA: TEST PATTERN       #000123
/// 12:34:56.789            1280×720  30 FPS
/// |#|#|##|#| code strip |##|#|##|#|##|#
/// </code>
/// </summary>
internal sealed class TestPatternPainter
{
    private const int BouncePeriod = 48;

    private static readonly YuvColor Panel = YuvColor.FromRgb(16, 20, 32);
    private static readonly YuvColor Track = YuvColor.FromRgb(52, 60, 82);
    private static readonly YuvColor Accent = YuvColor.FromRgb(255, 190, 60);
    private static readonly YuvColor Dim = YuvColor.FromRgb(150, 162, 188);
    private static readonly YuvColor[] Bars =
    [
        YuvColor.FromRgb(191, 191, 191), YuvColor.FromRgb(191, 191, 0), YuvColor.FromRgb(0, 191, 191), YuvColor.FromRgb(0, 191, 0),
        YuvColor.FromRgb(191, 0, 191), YuvColor.FromRgb(191, 0, 0), YuvColor.FromRgb(0, 0, 191),
    ];

    private readonly int _width;
    private readonly int _height;
    private readonly int _barsBottom;
    private readonly int _sweepHeight;
    private readonly float _margin;
    private readonly float _captionTop;
    private readonly float _clockTop;
    private readonly GlyphSet _clockFont;
    private readonly GlyphSet _smallFont;
    private readonly CoverageMask _ball;
    private readonly CoverageMask _ballCore;
    private readonly byte[] _background;

    public TestPatternPainter(int width, int height, double frameRate, string caption)
    {
        (_width, _height) = (width, height);

        // Text is laid out for 16:9 and shrinks with the narrower side of other shapes.
        var unit = Math.Min(height, width * 9 / 16f);
        _margin = 0.06f * unit;
        _barsBottom = height * 7 / 12 & ~1;
        _sweepHeight = Math.Max(2, (int)(unit / 90)) & ~1;
        var panelBottom = height - CodeStrip.HeightFor(height);
        _smallFont = new GlyphSet(0.048f * unit);
        _clockFont = new GlyphSet(0.108f * unit);
        var captionFont = Fit(caption, 0.062f * unit, width - (3 * _margin) - _smallFont.Measure("#000000"));
        var gap = Math.Max(0, panelBottom - _barsBottom - _sweepHeight - captionFont.CapHeight - _clockFont.CapHeight) / 3;
        _captionTop = _barsBottom + _sweepHeight + gap;
        _clockTop = _captionTop + captionFont.CapHeight + gap;
        var diameter = Math.Max(6, _barsBottom / 5) & ~1;
        (_ball, _ballCore) = (CoverageMask.Disc(diameter), CoverageMask.Disc(diameter - (2 * RingWidth(diameter))));
        _background = new byte[VideoFrame.GetByteCount(width, height, PixelFormat.I420)];
        PaintBackground(caption, captionFont, frameRate);
    }

    public void Paint(Span<byte> pixels, int frameNumber, DateTimeOffset wallClock)
    {
        _background.CopyTo(pixels);
        var canvas = new I420Canvas(pixels, _width, _height);
        PaintBall(canvas, frameNumber);
        canvas.FillRectangle(0, _barsBottom, (int)((long)_width * wallClock.Millisecond / 1000), _barsBottom + _sweepHeight, Accent);
        PaintNumbers(canvas, frameNumber, wallClock);
        CodeStrip.Draw(canvas, frameNumber);
    }

    private void PaintBackground(string caption, GlyphSet captionFont, double frameRate)
    {
        var canvas = new I420Canvas(_background, _width, _height);
        for (var i = 0; i < Bars.Length; i++)
        {
            canvas.FillRectangle(i * _width / Bars.Length, 0, (i + 1) * _width / Bars.Length, _barsBottom, Bars[i]);
        }

        canvas.FillRectangle(0, _barsBottom, _width, _height, Panel);
        canvas.FillRectangle(0, _barsBottom, _width, _barsBottom + _sweepHeight, Track);
        canvas.DrawText(caption, captionFont, _margin, _captionTop, Accent);
        var size = string.Create(CultureInfo.InvariantCulture, $"{_width}×{_height}  {frameRate:0.##} FPS");
        DrawRightAligned(canvas, size, _clockTop + _clockFont.CapHeight - _smallFont.CapHeight);
    }

    private void PaintBall(in I420Canvas canvas, int frameNumber)
    {
        // A triangle wave across and a bouncing parabola up: smooth motion that shows every lost frame.
        var span = Math.Max(1, _width - _ball.Width);
        var along = (int)((long)frameNumber * Math.Max(2, _width / 200) % (2 * span));
        var left = along < span ? along : (2 * span) - along;
        var phase = ((frameNumber % BouncePeriod) * 2.0 / BouncePeriod) - 1;
        (left, var top) = (left & ~1, (int)((0.04 + (0.96 * phase * phase)) * (_barsBottom - _ball.Height)) & ~1);
        var inset = RingWidth(_ball.Width);
        canvas.Blend(_ball, left, top, YuvColor.White);
        canvas.Blend(_ballCore, left + inset, top + inset, Panel);
    }

    private void PaintNumbers(in I420Canvas canvas, int frameNumber, DateTimeOffset wallClock)
    {
        Span<char> text = stackalloc char[16];
        wallClock.TryFormat(text, out var length, "HH:mm:ss.fff", CultureInfo.InvariantCulture);
        canvas.DrawText(text[..length], _clockFont, _margin, _clockTop, YuvColor.White);
        text[0] = '#';
        frameNumber.TryFormat(text[1..], out length, "D6", CultureInfo.InvariantCulture);
        DrawRightAligned(canvas, text[..(length + 1)], _captionTop);
    }

    private void DrawRightAligned(in I420Canvas canvas, ReadOnlySpan<char> text, float top) =>
        canvas.DrawText(text, _smallFont, _width - _margin - _smallFont.Measure(text), top, Dim);

    private static int RingWidth(int diameter) => Math.Max(2, diameter / 7) & ~1;

    /// <summary>The font at the wanted size, or as much smaller as the text needs.</summary>
    private static GlyphSet Fit(string text, float capHeight, float width)
    {
        var wanted = new GlyphSet(capHeight);
        var needed = wanted.Measure(text);
        return needed <= width ? wanted : new GlyphSet(Math.Max(1, capHeight * Math.Max(0, width) / needed));
    }
}
