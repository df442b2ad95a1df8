using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>
/// Has a source read for as long as it is wanted, and again, with growing waits, when it fails, ends or hangs. Viewers stay connected meanwhile.
/// </summary>
/// <param name="feed">What reads it.</param>
/// <param name="demand">Whether it is wanted.</param>
/// <param name="monitor">Told of openings and ends.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="metrics">Told of restarts.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class SourcePump(
    IVideoFeed feed, SourceDemand demand, SourceMonitor monitor, TimeProvider timeProvider, StreamMetrics metrics, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);
    private readonly Backoff _backoff = new(FirstRetry, LongestRetry);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (demand.TryGet(out var unwanted))
                {
                    await ReadWhileWantedAsync(unwanted, cancellationToken);
                    continue;
                }

                monitor.OnIdle();
                await demand.WaitAsync(cancellationToken);
                _backoff.Reset();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The broadcaster stops.
        }
    }

    private async Task ReadWhileWantedAsync(CancellationToken unwanted, CancellationToken cancellationToken)
    {
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, unwanted);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(wanted.Token);
        var (reason, kind) = ("the source ended", InterruptionReasons.Ended);
        var framesBefore = feed.Counters.Captured;
        monitor.OnHung = () => CancelQuietly(reading);
        monitor.OnOpening();
        try
        {
            await feed.ReadAsync(reading.Token);
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            (reason, kind) = ("the source yields no pictures", InterruptionReasons.Stalled);
        }
        catch (Exception e)
        {
            // Whatever a source throws, foreign ones included, is a reason to try again and not to end.
            (reason, kind) = (e.Message, InterruptionReasons.Failed);
        }

        monitor.OnHung = null;
        if (wanted.IsCancellationRequested)
        {
            return;
        }

        if (feed.Counters.Captured > framesBefore)
        {
            _backoff.Reset();
        }

        await WaitAsync(reason, kind, wanted.Token, cancellationToken);
    }

    private async Task WaitAsync(string reason, string kind, CancellationToken wanted, CancellationToken cancellationToken)
    {
        var wait = _backoff.Next();
        LogSourceFailed(feed.Description.Name, Words.Sentence(reason), Words.Duration(wait));
        monitor.OnEnded(reason, kind);
        try
        {
            await Task.Delay(wait, timeProvider, wanted);
            metrics.SourceRestarted();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more: there is no hurry.
        }
    }

    private static void CancelQuietly(CancellationTokenSource reading)
    {
        try
        {
            reading.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Source {Source}: {Reason} Trying again in {Wait}.")]
    private partial void LogSourceFailed(string source, string reason, string wait);
}
