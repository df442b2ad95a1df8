namespace P2PCam.Sources.TestPattern;

/// <summary>
/// Capitals, digits and some signs as strokes of a pen, so that they are smooth at every size. Each glyph is a list of polylines; each
/// point is two digits, x from 0 to 4 and y from 0 (top of a capital) to 6 (its foot) or 7. Corners of about 45 degrees are rounded.
/// </summary>
internal static class StrokeFont
{
    /// <summary>Height of a capital in grid units.</summary>
    public const int CapHeight = 6;

    /// <summary>Grid units between the strokes of neighbouring glyphs.</summary>
    public const float Spacing = 1.9f;

    private const float SpaceWidth = 2;
    private const float DigitWidth = 4;
    private const string Circle = "10 30 41 45 36 16 05 01 10";

    /// <summary>The glyph's strokes in grid units, moved to the left edge; none for a space or an unknown character.</summary>
    public static IReadOnlyList<(float X, float Y)[]> GetStrokes(char character)
    {
        if (Find(character) is not { } text)
        {
            return [];
        }

        var (left, width) = Extent(text);
        var shift = char.IsAsciiDigit(character) ? (DigitWidth - width) / 2 : 0;
        (float X, float Y) Point(string digits) => (digits[0] - '0' - left + shift, digits[1] - '0');
        return [.. text.Split(", ").Select(line => Rounded([.. line.Split(' ').Select(Point)]))];
    }

    /// <summary>Grid units between the middles of the outermost strokes. Digits are equally wide: no clock trembles.</summary>
    public static float GetWidth(char character)
    {
        if (char.IsAsciiDigit(character))
        {
            return DigitWidth;
        }

        return Find(character) is { } text ? Extent(text).Width : SpaceWidth;
    }

    private static (float Left, float Width) Extent(string text)
    {
        var columns = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(point => point[0] - '0').ToArray();
        return (columns.Min(), columns.Max() - columns.Min());
    }

    /// <summary>Cuts blunt corners twice (Chaikin's algorithm, 1974), which turns a chamfer into an arc; sharp corners stay.</summary>
    private static (float X, float Y)[] Rounded((float X, float Y)[] line)
    {
        for (var round = 0; round < 2 && line.Length > 2; round++)
        {
            // The ends of an open line stay; a closed one is cut where it meets itself as anywhere else.
            var isClosed = line[0] == line[^1];
            var cut = new List<(float X, float Y)>();
            for (var i = 0; i < line.Length - (isClosed ? 1 : 0); i++)
            {
                var isEnd = !isClosed && (i == 0 || i == line.Length - 1);
                var before = i > 0 ? line[i - 1] : line[^2];
                var after = i < line.Length - 1 ? line[i + 1] : line[^1];
                if (isEnd || !IsBlunt(before, line[i], after))
                {
                    cut.Add(line[i]);
                    continue;
                }

                cut.Add(Toward(line[i], before));
                cut.Add(Toward(line[i], after));
            }

            line = isClosed ? [.. cut, cut[0]] : [.. cut];
        }

        return line;
    }

    private static bool IsBlunt((float X, float Y) before, (float X, float Y) at, (float X, float Y) after)
    {
        var (ax, ay, bx, by) = (at.X - before.X, at.Y - before.Y, after.X - at.X, after.Y - at.Y);
        return ((ax * bx) + (ay * by)) / MathF.Sqrt(((ax * ax) + (ay * ay)) * ((bx * bx) + (by * by))) > 0.5f;
    }

    private static (float X, float Y) Toward((float X, float Y) from, (float X, float Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var fraction = Math.Min(0.25f, 0.6f / MathF.Sqrt((dx * dx) + (dy * dy)));
        return (from.X + (fraction * dx), from.Y + (fraction * dy));
    }

    private static string? Find(char character) => char.ToUpperInvariant(character) switch
    {
        '0' or 'O' => Circle,
        '1' => "11 20 26",
        '2' => "01 10 30 41 42 06 46",
        '3' => "00 40 22 32 43 45 36 16 05",
        '4' => "36 30 04 44",
        '5' => "40 00 02 32 43 45 36 16 05",
        '6' => "41 30 10 01 05 16 36 45 43 32 12 03",
        '7' => "00 40 16",
        '8' => "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
        '9' => "05 16 36 45 41 30 10 01 03 14 34 43",
        'A' => "06 20 46, 14 34",
        'B' => "03 33 42 41 30 00 06 36 45 44 33",
        'C' => "41 30 10 01 05 16 36 45",
        'D' => "00 30 41 45 36 06 00",
        'E' => "40 00 06 46, 03 33",
        'F' => "40 00 06, 03 33",
        'G' => "41 30 10 01 05 16 36 45 43 23",
        'H' => "00 06, 40 46, 03 43",
        'I' => "00 06",
        'J' => "40 45 36 16 05",
        'K' => "00 06, 40 03 46",
        'L' => "00 06 46",
        'M' => "06 00 23 40 46",
        'N' => "06 00 46 40",
        'P' => "06 00 30 41 42 33 03",
        'Q' => Circle + ", 24 46",
        'R' => "06 00 30 41 42 33 03, 23 46",
        'S' => "41 30 10 01 02 13 33 44 45 36 16 05",
        'T' => "00 40, 20 26",
        'U' => "00 05 16 36 45 40",
        'V' => "00 26 40",
        'W' => "00 16 22 36 40",
        'X' => "00 46, 40 06",
        'Y' => "00 23 40, 23 26",
        'Z' => "00 40 06 46",
        ':' => "02, 05",
        '.' => "06",
        ',' => "06 07",
        '-' => "03 33",
        '_' => "06 46",
        '+' => "03 43, 21 25",
        '/' => "06 40",
        '#' => "10 16, 30 36, 02 42, 04 44",
        '(' => "10 01 05 16",
        ')' => "00 11 15 06",
        '?' => "01 10 30 41 42 23 24, 26",
        '!' => "00 04, 06",
        '\'' => "00 01",
        '×' => "03 36, 33 06",
        _ => null,
    };
}
