using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>
/// Shows a still with words while there is no picture: at once, about once a second, so that a lost one is mended, and whenever a viewer needs a key
/// frame. Safe from several threads; once <see cref="Hide"/> has returned, none is sent.
/// </summary>
internal sealed partial class Slate(
    SlateEncoder encoder, StreamOutput output, Func<bool> isWatched, TimeProvider timeProvider, StreamMetrics metrics, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Many viewers that join together share one.
    private static readonly TimeSpan SoonAgain = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private (int Width, int Height) _size;
    private long? _lastSent;
    private long _sent;
    private bool _isShown;

    public bool IsShown
    {
        get
        {
            lock (_gate)
            {
                return _isShown;
            }
        }
    }

    /// <summary>How many were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <param name="size">Of the pictures that it stands for, in pixels; 0 by 0 where that is not known.</param>
    public void Show((int Width, int Height) size)
    {
        lock (_gate)
        {
            (_isShown, _size) = (true, size);
            _timer ??= timeProvider.CreateTimer(static state => ((Slate)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Hide()
    {
        lock (_gate)
        {
            _isShown = false;
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A viewer needs a key frame: it gets the slate soon, if that is shown. True if it is.</summary>
    public bool TryRequest()
    {
        lock (_gate)
        {
            if (!_isShown)
            {
                return false;
            }

            var since = _lastSent is { } last ? timeProvider.GetElapsedTime(last) : SoonAgain;
            _timer!.Change(since >= SoonAgain ? TimeSpan.Zero : SoonAgain - since, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isShown = false;
            _timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_isShown)
            {
                return;
            }

            _timer!.Change(Interval, Timeout.InfiniteTimeSpan);
            if (isWatched())
            {
                SendIsolated();
            }
        }
    }

    private void SendIsolated()
    {
        try
        {
            output.WriteSlate(encoder.Get(_size));
            _lastSent = timeProvider.GetTimestamp();
            Interlocked.Increment(ref _sent);
            metrics.SlateSent();
        }
        catch (Exception e)
        {
            // On a timer's thread an exception would end the program, for want of a still picture.
            LogFailed(e);
        }
    }

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "The slate could not be made or sent.")]
    private partial void LogFailed(Exception exception);
}
