namespace CodecComparison;

/// <summary>
/// How much rate one encoder needs more than another for the same quality (Bjøntegaard, "Calculation of average PSNR differences between RD-curves",
/// VCEG-M33, 2001): the mean difference of the rates' logarithms over the qualities that both reach, straight between the points.
/// </summary>
internal static class RateDifference
{
    private const int Steps = 200;

    /// <summary>In percent, below zero where <paramref name="ours"/> needs less; null where the curves share no quality.</summary>
    public static double? Percent(IEnumerable<(double Rate, double Quality)> reference, IEnumerable<(double Rate, double Quality)> ours)
    {
        var (a, b) = (Rising(reference), Rising(ours));
        var (low, high) = (Math.Max(a[0].Quality, b[0].Quality), Math.Min(a[^1].Quality, b[^1].Quality));
        if (high <= low || a.Length < 2 || b.Length < 2)
        {
            return null;
        }

        var sum = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var quality = low + ((high - low) * (i + 0.5) / Steps);
            sum += LogRate(b, quality) - LogRate(a, quality);
        }

        return (Math.Exp(sum / Steps) - 1) * 100;
    }

    // What takes more bits for less is no point of a curve.
    private static (double Rate, double Quality)[] Rising(IEnumerable<(double Rate, double Quality)> points)
    {
        var rising = new List<(double Rate, double Quality)>();
        foreach (var point in points.OrderBy(point => point.Rate))
        {
            if (rising.Count == 0 || point.Quality > rising[^1].Quality)
            {
                rising.Add(point);
            }
        }

        return [.. rising];
    }

    private static double LogRate((double Rate, double Quality)[] points, double quality)
    {
        var i = Math.Clamp(Array.FindLastIndex(points, point => point.Quality <= quality), 0, points.Length - 2);
        var ((r0, q0), (r1, q1)) = (points[i], points[i + 1]);
        return Math.Log(r0) + (Math.Log(r1 / r0) * (quality - q0) / (q1 - q0));
    }
}
