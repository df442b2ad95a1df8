using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>
/// Knows from frames, ends and the clock what a source is doing, and tells of each change once. A source that is silent for longer than it may be has
/// stalled; one that stays silent is hung, and is better opened anew. Safe from several threads.
/// </summary>
/// <param name="describe">What the source is; asked again each time, because some know only once they are open.</param>
/// <param name="stallTimeout">The silence that a source of an ordinary frame rate may keep.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="metrics">Told of interruptions.</param>
/// <param name="logger">Told of stalls and of sizes that change.</param>
/// <param name="mayBeSlow">Whether it may turn out to be slow, so that its first frames are waited for longer.</param>
internal sealed partial class SourceMonitor(
    Func<VideoSourceDescription> describe,
    TimeSpan stallTimeout,
    TimeProvider timeProvider,
    StreamMetrics metrics,
    ILogger logger,
    Func<bool>? mayBeSlow = null) : IDisposable
{
    /// <summary>How long opening may take before viewers are told; cameras and network streams need about a second.</summary>
    public static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A stall that lasts this long is a hung source. Longer than what sources that look after themselves wait for.</summary>
    public static readonly TimeSpan HungTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What a source that may be slow is waited for while its pace is unknown: three intervals of one that yields 0.6 pictures a second.</summary>
    public static readonly TimeSpan UnknownPaceTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ArrivalPace _pace = new();
    private readonly long _origin = timeProvider.GetTimestamp();
    private ITimer? _timer;
    private long _lastFrame;
    private (int Width, int Height) _size;
    private volatile SourceState _state = SourceState.Opening;
    private bool _isHanging;
    private bool _disposed;

    /// <summary>Told of each change, in order, and why pictures do not come where they do not. Must return soon.</summary>
    public required Action<SourceState, string?> OnChanged { get; init; }

    /// <summary>Called when a source that had yielded pictures has been silent for so long that it should be opened anew.</summary>
    public Action? OnHung { get; set; }

    public SourceState State => _state;

    /// <summary>Of the newest picture; 0 by 0 before the first.</summary>
    public (int Width, int Height) Size
    {
        get
        {
            lock (_gate)
            {
                return _size;
            }
        }
    }

    /// <summary>
    /// The silence after which this source has stalled: a slow one, such as one picture a second, may take three of its intervals, whether it has said how
    /// slow it is or has shown it.
    /// </summary>
    public TimeSpan StallTimeout
    {
        get
        {
            var rate = describe().FrameRate;
            var said = rate > 0 ? TimeSpan.FromSeconds(ArrivalPace.SilentIntervals / rate) : TimeSpan.Zero;
            lock (_gate)
            {
                var least = !_pace.IsKnown && mayBeSlow?.Invoke() == true && UnknownPaceTimeout > stallTimeout ? UnknownPaceTimeout : stallTimeout;
                var shown = _pace.StallAfter(least);
                return said > shown ? said : shown;
            }
        }
    }

    /// <summary>The source is closed because nobody watches.</summary>
    public void OnIdle() => Change(SourceState.Idle, null, Timeout.InfiniteTimeSpan);

    /// <summary>The source is about to be opened. One that had failed before stays unavailable until it yields something.</summary>
    public void OnOpening()
    {
        lock (_gate)
        {
            _isHanging = false;
            _pace.Restart();
            if (_state != SourceState.Unavailable)
            {
                Change(SourceState.Opening, null, OpeningTimeout);
            }
        }
    }

    /// <summary>A frame came.</summary>
    /// <param name="isPicture">Whether viewers can be shown it; a compressed frame that builds on lost ones is a sign of life and no more.</param>
    public void OnFrame(bool isPicture = true)
    {
        var now = timeProvider.GetTimestamp();
        Volatile.Write(ref _lastFrame, now);
        lock (_gate)
        {
            _pace.OnFrame(timeProvider.GetElapsedTime(_origin, now));
        }

        if (isPicture && _state != SourceState.Live)
        {
            Change(SourceState.Live, null, stallTimeout);
        }
    }

    /// <summary>The frame that came has this size, in pixels.</summary>
    public void OnSize(int width, int height)
    {
        lock (_gate)
        {
            if ((width, height) == _size)
            {
                return;
            }

            if (_size != default)
            {
                var name = describe().Name;
                LogSizeChanged(name, width, height, _size.Width, _size.Height);
            }

            _size = (width, height);
        }
    }

    /// <summary>Reading ended, for whatever reason.</summary>
    /// <param name="reason">In words for people.</param>
    /// <param name="kind">One of <see cref="InterruptionReasons"/>.</param>
    public void OnEnded(string reason, string kind)
    {
        lock (_gate)
        {
            if (_state == SourceState.Live)
            {
                metrics.SourceInterrupted(kind);
            }

            _isHanging = false;
            Change(SourceState.Unavailable, reason, Timeout.InfiniteTimeSpan);
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

    private void Change(SourceState state, string? reason, TimeSpan lookAgain)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            Arm(lookAgain);
            if (_state == state && state != SourceState.Opening)
            {
                return;
            }

            _isHanging = false;
            _state = state;
            OnChanged(state, reason);
        }
    }

    private void Arm(TimeSpan due)
    {
        _timer ??= timeProvider.CreateTimer(static state => ((SourceMonitor)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        var isHung = false;
        lock (_gate)
        {
            switch (_state)
            {
                case SourceState.Live when StallTimeout - Silence is { Ticks: > 0 } left:
                    // Looked at soon again: some sources say what they measured, which is a slow rate when they have just begun or ended.
                    Arm(left < stallTimeout ? left : stallTimeout);
                    break;
                case SourceState.Live:
                    LogStalled(describe().Name);
                    metrics.SourceInterrupted(InterruptionReasons.Stalled);
                    Change(SourceState.Unavailable, "the source yields no pictures", HungTimeout);
                    _isHanging = true;
                    break;
                case SourceState.Opening:
                    Change(SourceState.Unavailable, "the source has yielded no picture yet", Timeout.InfiniteTimeSpan);
                    break;
                case SourceState.Unavailable when _isHanging:
                    isHung = Silence >= HungTimeout;
                    break;
            }
        }

        if (isHung)
        {
            OnHung?.Invoke();
        }
    }

    private TimeSpan Silence => timeProvider.GetElapsedTime(Volatile.Read(ref _lastFrame));

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Source {Source} has stalled.")]
    private partial void LogStalled(string source);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "Source {Source} yields {Width}x{Height} now, not {OldWidth}x{OldHeight} any more.")]
    private partial void LogSizeChanged(string source, int width, int height, int oldWidth, int oldHeight);
}
