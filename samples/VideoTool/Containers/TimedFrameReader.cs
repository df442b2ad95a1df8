namespace VideoTool.Containers;

/// <summary>Where a file does not say its frame rate, finds it from the times of its first frames.</summary>
internal sealed class TimedFrameReader : IFrameReader
{
    private const int LookAhead = 32;

    private readonly IFrameReader _inner;
    private readonly Queue<CompressedFrame> _ahead = [];

    private TimedFrameReader(IFrameReader inner)
    {
        _inner = inner;
        while (_ahead.Count < LookAhead && inner.TryRead(out var frame))
        {
            _ahead.Enqueue(frame with { Data = frame.Data.ToArray() });
        }

        Format = inner.Format with { FrameRate = Guess([.. _ahead.Select(frame => frame.Time.TotalSeconds)]) };
    }

    public VideoFormat Format { get; }

    public static IFrameReader Wrap(IFrameReader inner)
    {
        try
        {
            return inner.Format.FrameRate is null ? new TimedFrameReader(inner) : inner;
        }
        catch
        {
            inner.Dispose();
            throw;
        }
    }

    public bool TryRead(out CompressedFrame frame) => _ahead.TryDequeue(out frame) || _inner.TryRead(out frame);

    public void Dispose() => _inner.Dispose();

    // The mean of the distances near the usual one: times are rounded, and frames may have been left out.
    private static Rational Guess(double[] times)
    {
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).Where(gap => gap > 0.001).Order().ToArray();
        if (gaps.Length == 0)
        {
            return new Rational(30, 1);
        }

        var middle = gaps[gaps.Length / 2];
        var rate = 1 / gaps.Where(gap => gap > middle * 0.8 && gap < middle * 1.2).Average();
        var whole = Math.Round(rate);
        return whole > 0 && Math.Abs(rate - whole) < whole * 0.01 ? new Rational((int)whole, 1) : Rational.Near(rate);
    }
}
