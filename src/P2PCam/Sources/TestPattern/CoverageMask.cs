namespace P2PCam.Sources.TestPattern;

/// <summary>How much of each pixel of a shape is covered, 0 to 255. Width and height are even: whole chroma samples.</summary>
internal sealed class CoverageMask
{
    private readonly byte[] _coverage;

    private CoverageMask(int width, int height)
    {
        (Width, Height) = ((Math.Max(1, width) + 1) & ~1, (Math.Max(1, height) + 1) & ~1);
        _coverage = new byte[Width * Height];
    }

    public int Width { get; }

    public int Height { get; }

    public ReadOnlySpan<byte> Row(int row) => _coverage.AsSpan(row * Width, Width);

    /// <summary>A disc that touches the edges of its mask.</summary>
    public static CoverageMask Disc(int diameter)
    {
        var mask = new CoverageMask(diameter, diameter);
        mask.DrawSegment((diameter / 2f, diameter / 2f), (diameter / 2f, diameter / 2f), diameter / 2f);
        return mask;
    }

    /// <summary>A glyph, with half a stroke's room around it.</summary>
    /// <param name="character">What to draw.</param>
    /// <param name="unit">Pixels per grid unit.</param>
    /// <param name="stroke">Width of the pen in pixels.</param>
    public static CoverageMask Glyph(char character, float unit, float stroke)
    {
        var width = (int)MathF.Ceiling((StrokeFont.GetWidth(character) * unit) + stroke) + 1;
        var mask = new CoverageMask(width, (int)MathF.Ceiling(((StrokeFont.CapHeight + 1) * unit) + stroke) + 1);
        foreach (var line in StrokeFont.GetStrokes(character))
        {
            for (var i = 0; i < line.Length; i++)
            {
                mask.DrawSegment(Place(line[Math.Max(0, i - 1)], unit, stroke), Place(line[i], unit, stroke), stroke / 2);
            }
        }

        return mask;
    }

    private static (float X, float Y) Place((float X, float Y) point, float unit, float stroke) =>
        ((point.X * unit) + (stroke / 2), (point.Y * unit) + (stroke / 2));

    /// <summary>A line with round ends; pixels at its edge are covered by the part that lies inside.</summary>
    private void DrawSegment((float X, float Y) from, (float X, float Y) to, float radius)
    {
        var right = Math.Min(Width, (int)(Math.Max(from.X, to.X) + radius + 2));
        var bottom = Math.Min(Height, (int)(Math.Max(from.Y, to.Y) + radius + 2));
        for (var y = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - radius - 1)); y < bottom; y++)
        {
            for (var x = Math.Max(0, (int)(Math.Min(from.X, to.X) - radius - 1)); x < right; x++)
            {
                var inside = radius + 0.5f - Distance((x + 0.5f, y + 0.5f), from, to);
                var covered = (byte)(255 * Math.Clamp(inside, 0, 1));
                ref var pixel = ref _coverage[(y * Width) + x];
                pixel = Math.Max(pixel, covered);
            }
        }
    }

    private static float Distance((float X, float Y) point, (float X, float Y) from, (float X, float Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / length, 0, 1);
        var (ex, ey) = (point.X - from.X - (along * dx), point.Y - from.Y - (along * dy));
        return MathF.Sqrt((ex * ex) + (ey * ey));
    }
}
