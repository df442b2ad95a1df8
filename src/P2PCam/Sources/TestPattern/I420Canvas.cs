namespace P2PCam.Sources.TestPattern;

/// <summary>A colour in YUV, BT.601 limited range.</summary>
internal readonly record struct YuvColor(byte Y, byte U, byte V)
{
    public static YuvColor White { get; } = new(235, 128, 128);

    public static YuvColor Black { get; } = new(16, 128, 128);

    /// <summary>From red, green and blue, 0 to 255.</summary>
    public static YuvColor FromRgb(int r, int g, int b) => new(
        (byte)((((66 * r) + (129 * g) + (25 * b) + 128) >> 8) + 16),
        (byte)((((-38 * r) - (74 * g) + (112 * b) + 128) >> 8) + 128),
        (byte)((((112 * r) - (94 * g) - (18 * b) + 128) >> 8) + 128));
}

/// <summary>Draws into tightly packed I420 pixels. Everything is clipped to the picture.</summary>
internal readonly ref struct I420Canvas
{
    private readonly Span<byte> _y;
    private readonly Span<byte> _u;
    private readonly Span<byte> _v;

    public I420Canvas(Span<byte> pixels, int width, int height)
    {
        var layout = FrameLayout.For(PixelFormat.I420, width, height);
        (Width, Height, ChromaWidth) = (width, height, layout.Stride1);
        _y = pixels[..layout.Offset1];
        _u = pixels[layout.Offset1..layout.Offset2];
        _v = pixels[layout.Offset2..layout.Size];
    }

    public int Width { get; }

    public int Height { get; }

    private int ChromaWidth { get; }

    public void FillRectangle(int left, int top, int right, int bottom, YuvColor color)
    {
        (left, right) = (Math.Clamp(left, 0, Width), Math.Clamp(right, 0, Width));
        (top, bottom) = (Math.Clamp(top, 0, Height), Math.Clamp(bottom, 0, Height));
        if (left >= right || top >= bottom)
        {
            return;
        }

        for (var row = top; row < bottom; row++)
        {
            _y.Slice((row * Width) + left, right - left).Fill(color.Y);
        }

        var (chromaLeft, chromaLength) = (left / 2, ((right + 1) / 2) - (left / 2));
        for (var row = top / 2; row < (bottom + 1) / 2; row++)
        {
            _u.Slice((row * ChromaWidth) + chromaLeft, chromaLength).Fill(color.U);
            _v.Slice((row * ChromaWidth) + chromaLeft, chromaLength).Fill(color.V);
        }
    }

    public void FillCircle(int centerX, int centerY, int radius, YuvColor color)
    {
        for (var dy = -radius; dy <= radius; dy++)
        {
            var half = (int)Math.Sqrt((radius * radius) - (dy * dy));
            FillRectangle(centerX - half, centerY + dy, centerX + half, centerY + dy + 1, color);
        }
    }

    /// <summary>Draws text with its top left corner at a place; each dot of the font is <paramref name="scale"/> pixels.</summary>
    public void DrawText(ReadOnlySpan<char> text, int left, int top, int scale, YuvColor color)
    {
        foreach (var character in text)
        {
            var glyph = BitmapFont.GetGlyph(character);
            for (var row = 0; row < glyph.Length; row++)
            {
                DrawDots(glyph[row], left, top + (row * scale), scale, color);
            }

            left += (BitmapFont.GlyphWidth + 1) * scale;
        }
    }

    private void DrawDots(byte dots, int left, int top, int scale, YuvColor color)
    {
        for (var column = 0; column < BitmapFont.GlyphWidth; column++)
        {
            if ((dots & (0x10 >> column)) != 0)
            {
                FillRectangle(left + (column * scale), top, left + ((column + 1) * scale), top + scale, color);
            }
        }
    }
}
