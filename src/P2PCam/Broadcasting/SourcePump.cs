using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>
/// Reads a source for as long as the broadcaster runs: hands each frame on, notices when the source fails, ends or yields nothing, and
/// opens it again with back-off. Viewers stay connected meanwhile.
/// </summary>
internal sealed partial class SourcePump(IVideoSource source, LatestFrames output, TimeProvider timeProvider, StreamMetrics metrics, ILogger logger)
{
    private static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);
    private readonly Backoff _backoff = new(FirstRetry, LongestRetry);
    private long _framesCaptured;
    private long _framesReplaced;
    private long _lastFrame;
    private volatile bool _isLive;

    /// <summary>Raised when pictures start (null) or stop (why); from the pump's or a timer's thread.</summary>
    public required Action<string?> OnAvailabilityChanged { get; init; }

    public long FramesCaptured => Volatile.Read(ref _framesCaptured);

    /// <summary>Frames that the encoder was too slow to take.</summary>
    public long FramesReplaced => Volatile.Read(ref _framesReplaced);

    public bool IsLive => _isLive;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var watch = timeProvider.CreateTimer(_ => CheckForStall(), null, StallAfter, StallAfter);
        while (!cancellationToken.IsCancellationRequested)
        {
            var reason = "the source ended";
            try
            {
                await ReadAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever a source throws, foreign ones included, is a reason to try again and not to end.
                reason = e.Message;
            }

            var wait = _backoff.Next();
            LogSourceFailed(source.Description.Name, reason, wait);
            SetLive(false, reason);
            try
            {
                await Task.Delay(wait, timeProvider, cancellationToken);
                metrics.SourceRestarted();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var frame in source.ReadFramesAsync(cancellationToken))
        {
            Volatile.Write(ref _lastFrame, timeProvider.GetTimestamp());
            Interlocked.Increment(ref _framesCaptured);
            metrics.FrameCaptured();
            if (output.Put(frame))
            {
                Interlocked.Increment(ref _framesReplaced);
                metrics.FramesDropped(DropReasons.EncoderBusy);
            }

            if (!_isLive)
            {
                _backoff.Reset();
                SetLive(true, null);
            }
        }
    }

    private void CheckForStall()
    {
        if (_isLive && timeProvider.GetElapsedTime(Volatile.Read(ref _lastFrame)) > StallAfter)
        {
            LogSourceStalled(source.Description.Name);
            SetLive(false, "the source yields no pictures");
        }
    }

    private void SetLive(bool live, string? reason)
    {
        if (_isLive != live)
        {
            _isLive = live;
            OnAvailabilityChanged(live ? null : reason);
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Source {Source}: {Reason}. Trying again in {Wait}.")]
    private partial void LogSourceFailed(string source, string reason, TimeSpan wait);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Source {Source} has stalled.")]
    private partial void LogSourceStalled(string source);
}
