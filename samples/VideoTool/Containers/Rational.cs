using System.Globalization;

namespace VideoTool.Containers;

/// <summary>A frame rate in frames per second, exactly.</summary>
internal readonly record struct Rational(int Numerator, int Denominator)
{
    public double Value => (double)Numerator / Denominator;

    /// <summary>The rate nearest to a number: whole, one of the broadcasters' n * 1000 / 1001, or in thousandths.</summary>
    public static Rational Near(double fps)
    {
        var whole = Math.Max(1, (int)Math.Round(fps));
        var broadcast = Math.Max(1, (int)Math.Round(fps * 1.001));
        return Math.Abs((fps / whole) - 1) < 1e-4 ? new(whole, 1)
            : Math.Abs((fps * 1.001 / broadcast) - 1) < 1e-4 ? new(broadcast * 1000, 1001)
            : new(Math.Max(1, (int)Math.Round(fps * 1000)), 1000);
    }

    /// <summary>When frame <paramref name="number"/> is shown.</summary>
    public TimeSpan TimeOf(long number) => TimeSpan.FromTicks((long)Math.Round(number * (double)TimeSpan.TicksPerSecond * Denominator / Numerator));

    /// <summary>The frame that is shown at <paramref name="time"/>.</summary>
    public long NumberAt(TimeSpan time) => (long)Math.Round(time.TotalSeconds * Value);

    public override string ToString() => Value.ToString("0.###", CultureInfo.InvariantCulture);
}
