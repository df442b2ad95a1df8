namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// How far what was sent has been ahead of the target rate, over the last three seconds, as time at that rate. What any window took beyond the target is
/// the difference of this at its two ends, so that the past of three seconds ago says what the next frame may take.
/// </summary>
internal sealed class RateHistory
{
    public const double WindowSeconds = 3;

    // A slot holds the range of what fell into it; some more than a window.
    private const double SlotSeconds = 0.02;
    private const int Slots = 160;

    private readonly (double Least, double Most)[] _slots = new (double, double)[Slots];
    private double _time;
    private long _slot;
    private long _first;
    private double _beginning;
    private int _frames;

    public RateHistory() => Forget();

    /// <summary>Seconds ahead of the target rate; behind, where below zero. Only differences mean anything.</summary>
    public double Ahead { get; private set; }

    /// <summary>Windows that began before now are nobody's concern: another target holds.</summary>
    public void Forget()
    {
        Array.Fill(_slots, (double.PositiveInfinity, double.NegativeInfinity));
        _first = _slot;
        (_beginning, _frames) = (Ahead, 0);
    }

    /// <summary>Bits were sent that take so many seconds at the target rate.</summary>
    public void Add(double seconds) => Ahead += seconds;

    /// <summary>Time has passed.</summary>
    public void Advance(double seconds)
    {
        Ahead -= seconds;
        _time += seconds;
        var slot = (long)(_time / SlotSeconds);
        while (_slot < slot)
        {
            _slot++;
            _slots[_slot % Slots] = (double.PositiveInfinity, double.NegativeInfinity);
        }

        _beginning = _frames++ < 2 ? Math.Max(_beginning, Ahead) : _beginning;
        ref var current = ref _slots[_slot % Slots];
        current = (Math.Min(current.Least, Ahead), Math.Max(current.Most, Ahead));
    }

    /// <summary>
    /// The range where windows began that end from <paramref name="next"/> seconds on for <paramref name="length"/> seconds. For those that would have
    /// begun before anything is known, at least where the first frame left it.
    /// </summary>
    public (double Least, double Most) Starts(double next, double length)
    {
        var start = _time + next - WindowSeconds;
        var (first, last) = ((long)Math.Floor(start / SlotSeconds), (long)Math.Floor((start + length) / SlotSeconds));
        if (first <= _first)
        {
            return (_beginning, double.NegativeInfinity);
        }

        // What the first window took is no measure of what is to follow.
        var isSettled = first >= _first + (WindowSeconds / SlotSeconds);

        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var slot = Math.Max(first, _slot - Slots + 1); slot <= Math.Min(last, _slot); slot++)
        {
            least = Math.Min(least, _slots[slot % Slots].Least);
            most = Math.Max(most, _slots[slot % Slots].Most);
        }

        return (least, isSettled ? most : double.NegativeInfinity);
    }
}
