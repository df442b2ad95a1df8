using System.Globalization;

namespace P2PCam.Sources.TestPattern;

/// <summary>Paints the test pattern: what stands still once, the rest into a copy of it for each frame.</summary>
internal sealed class TestPatternPainter
{
    private static readonly YuvColor Panel = YuvColor.FromRgb(18, 24, 38);
    private static readonly YuvColor Accent = YuvColor.FromRgb(255, 200, 60);
    private static readonly YuvColor Dim = YuvColor.FromRgb(150, 165, 190);
    private static readonly YuvColor[] Bars =
    [
        YuvColor.FromRgb(192, 192, 192), YuvColor.FromRgb(192, 192, 0), YuvColor.FromRgb(0, 192, 192), YuvColor.FromRgb(0, 192, 0),
        YuvColor.FromRgb(192, 0, 192), YuvColor.FromRgb(192, 0, 0), YuvColor.FromRgb(0, 0, 192),
    ];

    private readonly int _width;
    private readonly int _height;
    private readonly int _barsBottom;
    private readonly int _scale;
    private readonly int _radius;
    private readonly byte[] _background;

    public TestPatternPainter(int width, int height, string caption)
    {
        (_width, _height) = (width, height);
        _barsBottom = height * 11 / 20;
        _scale = Math.Max(1, Math.Min(height / 90, width / 160));
        _radius = Math.Max(2, height / 14);
        _background = new byte[VideoFrame.GetByteCount(width, height, PixelFormat.I420)];
        PaintBackground(caption);
    }

    public void Paint(Span<byte> pixels, int frameNumber, DateTimeOffset wallClock)
    {
        _background.CopyTo(pixels);
        var canvas = new I420Canvas(pixels, _width, _height);
        PaintBall(canvas, frameNumber);
        PaintClock(canvas, frameNumber, wallClock);
        CodeStrip.Draw(canvas, frameNumber);
    }

    private void PaintBackground(string caption)
    {
        var canvas = new I420Canvas(_background, _width, _height);
        for (var i = 0; i < Bars.Length; i++)
        {
            canvas.FillRectangle(i * _width / Bars.Length, 0, (i + 1) * _width / Bars.Length, _barsBottom, Bars[i]);
        }

        canvas.FillRectangle(0, _barsBottom, _width, _height, Panel);
        canvas.FillRectangle(0, _barsBottom, _width, _barsBottom + _scale, Accent);
        var scale = Fit(caption, _scale);
        canvas.DrawText(caption, (_width - BitmapFont.Measure(caption, scale)) / 2, _barsBottom + (4 * _scale), scale, Accent);
    }

    private void PaintBall(in I420Canvas canvas, int frameNumber)
    {
        // A triangle wave across, a bouncing parabola up: smooth motion that shows every lost frame.
        var span = Math.Max(1, _width - (2 * _radius));
        var along = frameNumber * Math.Max(2, _width / 160) % (2 * span);
        var x = _radius + (along < span ? along : (2 * span) - along);
        var phase = (frameNumber % 45 / 45.0 * 2) - 1;
        var y = _radius + (int)(phase * phase * (_barsBottom - (2 * _radius) - _scale));
        canvas.FillCircle(x, y, _radius, YuvColor.White);
        canvas.FillCircle(x, y, _radius * 3 / 4, Panel);
    }

    private void PaintClock(in I420Canvas canvas, int frameNumber, DateTimeOffset wallClock)
    {
        Span<char> clock = stackalloc char[12];
        wallClock.TryFormat(clock, out var clockLength, "HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var large = Fit("00:00:00.000", 2 * _scale);
        var top = _barsBottom + (14 * _scale);
        canvas.DrawText(clock[..clockLength], (_width - BitmapFont.Measure(clock[..clockLength], large)) / 2, top, large, YuvColor.White);
        Span<char> number = stackalloc char[16];
        number[0] = '#';
        frameNumber.TryFormat(number[1..], out var digits, "D6", CultureInfo.InvariantCulture);
        var text = number[..(digits + 1)];
        canvas.DrawText(text, (_width - BitmapFont.Measure(text, _scale)) / 2, top + ((BitmapFont.GlyphHeight + 2) * large), _scale, Dim);
    }

    private int Fit(string text, int scale)
    {
        while (scale > 1 && BitmapFont.Measure(text, scale) > _width)
        {
            scale--;
        }

        return scale;
    }
}
