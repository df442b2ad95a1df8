namespace P2PCam.Viewing;

/// <summary>Frames and bytes per second over the last two seconds, in steps of 250 ms. Fed by one thread, read by any.</summary>
internal sealed class RateMeter
{
    private const int Steps = 8;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private readonly Lock _gate = new();
    private readonly (long Step, int Frames, long Bytes)[] _ring = new (long, int, long)[Steps + 1];
    private long _first = long.MaxValue;

    public void Add(TimeSpan now, int bytes)
    {
        lock (_gate)
        {
            var step = now.Ticks / Step.Ticks;
            _first = Math.Min(_first, step);
            ref var slot = ref _ring[step % _ring.Length];
            slot = slot.Step == step ? (step, slot.Frames + 1, slot.Bytes + bytes) : (step, 1, bytes);
        }
    }

    /// <summary>Over the whole steps before this one, as far as there are any.</summary>
    public (double FramesPerSecond, double BitsPerSecond) Read(TimeSpan now)
    {
        lock (_gate)
        {
            var end = now.Ticks / Step.Ticks;
            var start = Math.Max(end - Steps, _first);
            if (start >= end)
            {
                return default;
            }

            var (frames, bytes) = (0, 0L);
            foreach (var slot in _ring)
            {
                if (slot.Step >= start && slot.Step < end)
                {
                    (frames, bytes) = (frames + slot.Frames, bytes + slot.Bytes);
                }
            }

            var seconds = (end - start) * Step.TotalSeconds;
            return (frames / seconds, bytes * 8 / seconds);
        }
    }
}
