namespace P2PCam.Sources.TestPattern;

/// <summary>Draws into tightly packed I420 pixels. Everything is clipped to the picture.</summary>
internal readonly ref struct I420Canvas
{
    private readonly Span<byte> _y;
    private readonly Span<byte> _u;
    private readonly Span<byte> _v;
    private readonly int _chromaWidth;

    public I420Canvas(Span<byte> pixels, int width, int height)
    {
        var layout = FrameLayout.For(PixelFormat.I420, width, height);
        (Width, Height, _chromaWidth) = (width, height, layout.Stride1);
        _y = pixels[..layout.Offset1];
        _u = pixels[layout.Offset1..layout.Offset2];
        _v = pixels[layout.Offset2..layout.Size];
    }

    public int Width { get; }

    public int Height { get; }

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
            _u.Slice((row * _chromaWidth) + chromaLeft, chromaLength).Fill(color.U);
            _v.Slice((row * _chromaWidth) + chromaLeft, chromaLength).Fill(color.V);
        }
    }

    /// <summary>Draws text with the top of its capitals at <paramref name="top"/>.</summary>
    public void DrawText(ReadOnlySpan<char> text, GlyphSet glyphs, float left, float top, YuvColor color)
    {
        foreach (var character in text)
        {
            var glyph = glyphs.Get(character);
            Blend(glyph.Mask, (int)MathF.Round(left), (int)MathF.Round(top), color);
            left += glyph.Advance;
        }
    }

    /// <summary>Mixes a colour in as far as a mask covers, its corner moved to the nearest whole chroma sample up and left.</summary>
    public void Blend(CoverageMask mask, int left, int top, YuvColor color)
    {
        (left, top) = (left & ~1, top & ~1);
        var (first, last) = (Math.Max(0, -left), Math.Min(mask.Width, Width - left));
        for (var row = Math.Max(0, -top); row < Math.Min(mask.Height, Height - top); row++)
        {
            var coverage = mask.Row(row);
            var luma = _y.Slice((top + row) * Width, Width);
            for (var column = first; column < last; column++)
            {
                luma[left + column] = Mix(luma[left + column], color.Y, coverage[column]);
            }

            if ((row & 1) == 0)
            {
                BlendChroma(coverage, mask.Row(row + 1), (((top + row) / 2) * _chromaWidth) + (left / 2), first, last, color);
            }
        }
    }

    private void BlendChroma(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int offset, int first, int last, YuvColor color)
    {
        for (var column = first; column < last; column += 2)
        {
            var covered = (upper[column] + upper[column + 1] + lower[column] + lower[column + 1] + 2) >> 2;
            var at = offset + (column / 2);
            _u[at] = Mix(_u[at], color.U, covered);
            _v[at] = Mix(_v[at], color.V, covered);
        }
    }

    private static byte Mix(byte under, byte over, int coverage) => (byte)(((under * (255 - coverage)) + (over * coverage) + 127) / 255);
}
