namespace P2PCam.Broadcasting;

/// <summary>
/// Turns key-frame requests of many viewers into few requests to the source: the first goes at once, those that follow within the interval share one
/// at its end, and one that is not served is repeated. Safe from several threads.
/// </summary>
/// <param name="ask">Asks the source.</param>
/// <param name="isWatched">Whether somebody is there to want one.</param>
/// <param name="interval">The least time from one request to the next.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class UpstreamKeyFrames(Action ask, Func<bool> isWatched, TimeSpan interval, TimeProvider timeProvider) : IDisposable
{
    /// <summary>With this, twenty viewers who join within a second cause three requests.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    // A request may get lost on its way to a browser.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long? _lastAsked;
    private long _asked;
    private bool _isWanted;
    private bool _isDue;
    private bool _disposed;

    /// <summary>How often the source was asked.</summary>
    public long Asked => Volatile.Read(ref _asked);

    public void Request()
    {
        lock (_gate)
        {
            if (_disposed || _isDue)
            {
                return;
            }

            _isWanted = true;
            var wait = _lastAsked is { } last ? interval - timeProvider.GetElapsedTime(last) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _isDue = true;
                Arm(wait);
                return;
            }

            NoteAsking();
        }

        ask();
    }

    /// <summary>The source yielded one: whoever wanted it has it.</summary>
    public void OnKeyFrame()
    {
        lock (_gate)
        {
            _isWanted = _isDue = false;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _isDue = false;
            if (!_isWanted || _disposed)
            {
                return;
            }

            if (!isWatched())
            {
                _isWanted = false;
                return;
            }

            NoteAsking();
        }

        ask();
    }

    private void NoteAsking()
    {
        _lastAsked = timeProvider.GetTimestamp();
        Interlocked.Increment(ref _asked);
        Arm(RepeatAfter > interval ? RepeatAfter : interval);
    }

    private void Arm(TimeSpan due)
    {
        _timer ??= timeProvider.CreateTimer(static state => ((UpstreamKeyFrames)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
