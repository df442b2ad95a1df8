using System.Globalization;
using System.Text;

namespace CodecComparison;

/// <summary>Rate-distortion curves as SVG: a panel for each clip, PSNR over the rate's logarithm.</summary>
internal static class Plot
{
    private const int Columns = 2;
    private const int PanelWidth = 470;
    private const int PanelHeight = 300;
    private const int Left = 56;
    private const int Right = 18;
    private const int Top = 40;
    private const int Bottom = 46;
    private const int Legend = 40;
    private const int LabelWidth = 38;
    private const string OursColor = "#1f6feb";
    private const string LibvpxColor = "#d1580f";

    public static string Draw(IReadOnlyList<ClipResult> clips)
    {
        var rows = (clips.Count + Columns - 1) / Columns;
        var (width, height) = (Columns * PanelWidth, (rows * PanelHeight) + Legend);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{width}" height="{height}" fill="#ffffff"/>""");
        Key(svg, 60, OursColor, "P2PCam", isRound: true);
        Key(svg, 180, LibvpxColor, "libvpx, real-time, cpu-used -8", isRound: false);
        for (var i = 0; i < clips.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<g transform="translate({i % Columns * PanelWidth},{Legend + (i / Columns * PanelHeight)})">""");
            Panel(svg, clips[i]);
            svg.AppendLine("</g>");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, ClipResult clip)
    {
        var points = clip.Rates.SelectMany(r => (Point[])[r.Ours, r.Libvpx]).ToArray();
        var (lowest, highest) = (Math.Floor(points.Min(p => p.Error.Overall) - 0.3), Math.Ceiling(points.Max(p => p.Error.Overall) + 0.3));
        var (first, last) = (Math.Log(points.Min(p => p.Kilobits) * 0.9), Math.Log(points.Max(p => p.Kilobits) * 1.1));
        double X(double kilobits) => Left + ((Math.Log(kilobits) - first) / (last - first) * (PanelWidth - Left - Right));
        double Y(double psnr) => Top + ((highest - psnr) / (highest - lowest) * (PanelHeight - Top - Bottom));

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{Top - 12}" font-size="14" font-weight="bold" fill="#1f2328">{clip.Clip.Name}</text>""");
        var step = highest - lowest > 20 ? 5 : highest - lowest > 12 ? 2 : 1;
        for (var value = lowest; value <= highest; value += step)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{PanelWidth - Right}" y1="{Y(value):0.0}" y2="{Y(value):0.0}" stroke="#e3e6ea"/><text x="{Left - 6}" y="{Y(value) + 4:0.0}" text-anchor="end" fill="#57606a">{value:0}</text>""");
        }

        var labelled = double.NegativeInfinity;
        foreach (var rate in clip.Rates.Select(r => r.Target).Order().Where(rate => Math.Log(rate) >= first && Math.Log(rate) <= last))
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{X(rate):0.0}" x2="{X(rate):0.0}" y1="{Top}" y2="{PanelHeight - Bottom}" stroke="#e3e6ea"/>""");
            if (X(rate) >= labelled + LabelWidth)
            {
                labelled = X(rate);
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{X(rate):0.0}" y="{PanelHeight - Bottom + 16}" text-anchor="middle" fill="#57606a">{rate}</text>""");
            }
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{PanelWidth - Right}" y="{PanelHeight - 10}" text-anchor="end" fill="#57606a">kbit/s</text><text x="8" y="{Top - 12}" fill="#57606a">dB</text>""");
        Line(svg, clip.Rates.Select(r => r.Libvpx), LibvpxColor, X, Y, isRound: false);
        Line(svg, clip.Rates.Select(r => r.Ours), OursColor, X, Y, isRound: true);
    }

    private static void Line(StringBuilder svg, IEnumerable<Point> points, string color, Func<double, double> x, Func<double, double> y, bool isRound)
    {
        var places = points.OrderBy(p => p.Kilobits).Select(p => (X: x(p.Kilobits), Y: y(p.Error.Overall))).ToArray();
        var path = string.Join(' ', places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.0},{p.Y:0.0}")));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>""");
        foreach (var (px, py) in places)
        {
            Mark(svg, px, py, color, isRound);
        }
    }

    private static void Key(StringBuilder svg, int x, string color, string text, bool isRound)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x - 16}" x2="{x + 16}" y1="24" y2="24" stroke="{color}" stroke-width="2"/>""");
        Mark(svg, x, 24, color, isRound);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x + 24}" y="28" fill="#1f2328">{text}</text>""");
    }

    private static void Mark(StringBuilder svg, double x, double y, string color, bool isRound) => svg.AppendLine(isRound
        ? string.Create(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.0}" cy="{y:0.0}" r="4" fill="{color}"/>""")
        : string.Create(CultureInfo.InvariantCulture, $"""<rect x="{x - 4:0.0}" y="{y - 4:0.0}" width="8" height="8" fill="{color}"/>"""));
}
