using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>Keeps one signaling transport joined: reads its messages, and joins again with back-off when it breaks. Media is not touched by that.</summary>
internal sealed partial class SignalingPump(ISignalingTransport transport, SignalingJoin join, TimeProvider timeProvider, StreamMetrics metrics, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);
    private readonly Backoff _backoff = new(FirstRetry, LongestRetry);

    public required Func<ISignalingTransport, SignalingMessage, ValueTask> OnMessage { get; init; }

    public ISignalingTransport Transport => transport;

    /// <summary>The first join, which the caller wants to know the outcome of.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => transport.ConnectAsync(join, cancellationToken);

    /// <summary>Reads until cancelled; call after <see cref="ConnectAsync"/> succeeded.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var message in transport.ReadAllAsync(cancellationToken))
                {
                    _backoff.Reset();
                    await OnMessage(transport, message);
                }

                LogSignalingEnded(transport.Name);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogSignalingBroke(transport.Name, Words.Sentence(e.Message));
            }

            await new Retrying(_backoff.Next, timeProvider, reason => LogSignalingBroke(transport.Name, Words.Sentence(reason))).UntilItWorksAsync(ReconnectAsync, cancellationToken);
        }
    }

    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        await transport.ConnectAsync(join, cancellationToken);
        metrics.SignalingReconnected(transport.Name);
        LogSignalingResumed(transport.Name);
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Information, Message = "Signaling by {Transport} was closed by the other side; joining again.")]
    private partial void LogSignalingEnded(string transport);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Warning, Message = "Signaling by {Transport}: {Reason}")]
    private partial void LogSignalingBroke(string transport, string reason);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Information, Message = "Signaling by {Transport} is back.")]
    private partial void LogSignalingResumed(string transport);
}
