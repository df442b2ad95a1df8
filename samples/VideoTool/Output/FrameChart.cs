using System.Globalization;

namespace VideoTool.Output;

/// <summary>Frame sizes as bars of text: each column is one frame or, of many, the largest of several.</summary>
internal static class FrameChart
{
    private const int Height = 8;
    private const int Steps = 8;
    private const string Bars = " ▁▂▃▄▅▆▇█";

    public static IEnumerable<string> Draw(IReadOnlyList<int> sizes, IReadOnlyList<int> keyFrames, int width)
    {
        var perColumn = (sizes.Count + width - 1) / width;
        var columns = (sizes.Count + perColumn - 1) / perColumn;
        var tops = new int[columns];
        var marks = new char[columns];
        Array.Fill(marks, ' ');
        for (var i = 0; i < sizes.Count; i++)
        {
            tops[i / perColumn] = Math.Max(tops[i / perColumn], sizes[i]);
        }

        foreach (var number in keyFrames)
        {
            marks[number / perColumn] = 'K';
        }

        var top = Math.Max(1, tops.Max());
        for (var row = Height - 1; row >= 0; row--)
        {
            var label = row == Height - 1 || row == (Height / 2) - 1 ? Kilobytes(top * (row + 1) / (double)Height) : "";
            var bars = string.Concat(tops.Select(value => Bars[Math.Clamp((int)Math.Ceiling((double)value * Height * Steps / top) - (row * Steps), 0, Steps)]));
            yield return $"{label,10} │{bars.TrimEnd()}";
        }

        yield return $"{"",10} └{new string('─', columns)}";
        yield return $"{"",10}  {new string(marks).TrimEnd()}".TrimEnd();
        yield return string.Create(CultureInfo.InvariantCulture, $"{"",10}  frames 0 to {sizes.Count - 1}{(perColumn > 1 ? $", {perColumn} in a column, of which the largest shows" : "")}; K: key frame");
    }

    private static string Kilobytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB");
}
