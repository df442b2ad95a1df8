namespace P2PCam.Networking;

/// <summary>
/// Wakes the loop at a moment of a clock that is not the system's: a test's. With the system's clock the loop's own wait has the limit,
/// and no thread of the pool has to wake up for it.
/// </summary>
internal sealed class LoopAlarm(TimeProvider timeProvider, Action wake) : IAsyncDisposable
{
    private readonly ITimer _timer = timeProvider.CreateTimer(static state => ((Action)state!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Set(TimeSpan now, TimeSpan due) =>
        _timer.Change(due == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : due <= now ? TimeSpan.Zero : due - now, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
