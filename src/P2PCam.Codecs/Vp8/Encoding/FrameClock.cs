namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>How much time each frame stands for, by the frames' own timestamps.</summary>
internal sealed class FrameClock(double frameRate)
{
    // Longer ones are pauses, and shorter ones bursts: neither says what the frame rate is.
    private const double LongestSeconds = 1;
    private const double ShortestSeconds = 1 / 240.0;
    private const double Smoothing = 0.1;

    private TimeSpan? _last;

    /// <summary>Seconds from one frame to the next, smoothed.</summary>
    public double Interval { get; private set; } = 1 / frameRate;

    public void SetFrameRate(double value) => Interval = 1 / value;

    /// <summary>Seconds since the frame before; the usual ones where the timestamps don't tell.</summary>
    public double Advance(TimeSpan timestamp)
    {
        var elapsed = _last is { } last ? (timestamp - last).TotalSeconds : 0;
        _last = timestamp;
        if (elapsed is <= 0 or > LongestSeconds)
        {
            return Interval;
        }

        Interval += (Math.Max(elapsed, ShortestSeconds) - Interval) * Smoothing;
        return elapsed;
    }
}
