namespace P2PCam;

/// <summary>
/// How long a source is in the habit of being silent, learned from its frames: of the gaps between the last <see cref="Window"/> frames the second longest.
/// That is the interval of a slow source and the pause between bursts; a single outage is no habit. Not safe from several threads.
/// </summary>
internal sealed class ArrivalPace
{
    /// <summary>Gaps that are looked at.</summary>
    public const int Window = 128;

    /// <summary>Its intervals that a source may be silent before it counts as stalled.</summary>
    public const int SilentIntervals = 3;

    /// <summary>The longest silence that a habit excuses.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // So many gaps, in so much time, say how a source goes: one that comes in bursts shows it with the second one.
    private const int Enough = 2;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(2.5);
    private readonly long[] _gaps = new long[Window];
    private TimeSpan _first;
    private TimeSpan? _last;
    private int _count;

    /// <summary>Whether enough frames have come to know.</summary>
    public bool IsKnown => _count >= Enough && _last - _first >= LongEnough;

    /// <summary>The silence that is usual; zero until it is known.</summary>
    public TimeSpan UsualSilence
    {
        get
        {
            var (longest, second) = (0L, 0L);
            foreach (var gap in _gaps.AsSpan(0, Math.Min(_count, Window)))
            {
                (longest, second) = gap > longest ? (gap, longest) : (longest, Math.Max(second, gap));
            }

            return TimeSpan.FromTicks(second);
        }
    }

    /// <summary>The silence after which it has stalled: at least so much, and more for a source that has shown to be slow.</summary>
    public TimeSpan StallAfter(TimeSpan least)
    {
        var usual = SilentIntervals * UsualSilence;
        return usual <= least ? least : usual < Longest ? usual : Longest;
    }

    /// <summary>A frame came, at this time of any clock that never jumps back.</summary>
    public void OnFrame(TimeSpan now)
    {
        if (_last is { } last)
        {
            _gaps[_count % Window] = (now - last).Ticks;
            _count = _count == int.MaxValue ? Window : _count + 1;
        }

        else
        {
            _first = now;
        }

        _last = now;
    }

    /// <summary>The source is opened anew and may be another one.</summary>
    public void Restart() => (_last, _count) = (null, 0);
}
