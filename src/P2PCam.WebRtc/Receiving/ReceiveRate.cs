namespace P2PCam.WebRtc.Receiving;

/// <summary>The bit rate over the last second, in steps of a tenth.</summary>
internal sealed class ReceiveRate
{
    private const int Steps = 10;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly long[] _bytes = new long[Steps];
    private long _current = -1;
    private long _first = -1;
    private long _sum;

    public void Add(TimeSpan now, int bytes)
    {
        Advance(now);
        _bytes[_current % Steps] += bytes;
        _sum += bytes;
    }

    /// <summary>Bits per second; over the time since the first packet while that is less than a second.</summary>
    public long Get(TimeSpan now)
    {
        if (_current < 0)
        {
            return 0;
        }

        Advance(now);
        var steps = Math.Clamp(_current - _first, 1, Steps);
        return _sum * 8 * TimeSpan.TicksPerSecond / (steps * Step.Ticks);
    }

    private void Advance(TimeSpan now)
    {
        var step = now.Ticks / Step.Ticks;
        _first = _first < 0 ? step : _first;
        for (var passed = Math.Min(step - _current, Steps); passed > 0 && _current >= 0; passed--)
        {
            ref var oldest = ref _bytes[(step - passed + 1) % Steps];
            _sum -= oldest;
            oldest = 0;
        }

        _current = Math.Max(_current, step);
    }
}
