namespace CodecComparison;

/// <summary>Quality over rate, straight between its points where the rate is taken by its logarithm.</summary>
internal sealed class Curve
{
    // Beyond its ends by as much as encoders miss their targets.
    private const double Beyond = 1.1;

    private readonly (double Rate, double Quality)[] _points;

    public Curve(IEnumerable<(double Rate, double Quality)> points) => _points = [.. points.OrderBy(point => point.Rate)];

    /// <summary>The quality at a rate; null too far outside of the curve.</summary>
    public double? At(double rate)
    {
        if (_points.Length < 2 || rate < _points[0].Rate / Beyond || rate > _points[^1].Rate * Beyond)
        {
            return null;
        }

        var i = Math.Clamp(Array.FindLastIndex(_points, point => point.Rate <= rate), 0, _points.Length - 2);
        var ((r0, q0), (r1, q1)) = (_points[i], _points[i + 1]);
        return r1 <= r0 * 1.001 ? (q0 + q1) / 2 : q0 + ((q1 - q0) * Math.Log(rate / r0) / Math.Log(r1 / r0));
    }
}
