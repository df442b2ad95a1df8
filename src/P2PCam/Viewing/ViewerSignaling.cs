using Microsoft.Extensions.Logging;
using P2PCam.Broadcasting;

namespace P2PCam.Viewing;

/// <summary>Keeps a viewer joined: reads its messages, and joins again with growing waits when the connection ends or breaks.</summary>
internal sealed partial class ViewerSignaling(ISignalingTransport transport, ViewerOptions options, TimeProvider timeProvider, ILogger logger)
{
    private readonly SignalingJoin _join = new(options.Stream, SignalingRole.Viewer);
    private readonly RetryDelays _delays = new(options.ReconnectDelay, options.MaxReconnectDelay);

    public required Action OnUp { get; init; }

    public required Action<string> OnDown { get; init; }

    public required Action<SignalingMessage> OnMessage { get; init; }

    /// <summary>The first join, which the caller wants to know the outcome of.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => transport.ConnectAsync(_join, cancellationToken);

    /// <summary>Reads until cancelled, or without <see cref="ViewerOptions.Reconnect"/> until the first connection ends; call after <see cref="ConnectAsync"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        do
        {
            OnUp();
            var reason = await ReadAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            LogDown(transport.Name, Words.Sentence(reason));
            OnDown(reason);
        }
        while (options.Reconnect && await ReconnectAsync(cancellationToken));
    }

    public async Task SendAsync(SignalingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await transport.SendAsync(message, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The connection is gone, which the reader notices as well and sees to.
            var why = Words.Sentence(e.Message);
            LogSendFailed(transport.Name, why);
        }
        catch (OperationCanceledException)
        {
            // Disconnected: nobody waits for this message any more.
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.ReadAllAsync(cancellationToken))
            {
                _delays.Reset();
                OnMessage(message);
            }

            return "the server closed the signaling connection";
        }
        catch (Exception e)
        {
            // Whatever a foreign transport throws is a reason to join again and not to end.
            return e.Message;
        }
    }

    private Task<bool> ReconnectAsync(CancellationToken cancellationToken)
    {
        var retrying = new Retrying(_delays.Next, timeProvider, reason => LogDown(transport.Name, Words.Sentence(reason)));
        return retrying.UntilItWorksAsync(ConnectAgainAsync, cancellationToken);
    }

    private async Task ConnectAgainAsync(CancellationToken cancellationToken)
    {
        await transport.ConnectAsync(_join, cancellationToken);
        LogUp(transport.Name);
    }

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "Signaling by {Transport}: {Reason}")]
    private partial void LogDown(string transport, string reason);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Information, Message = "Signaling by {Transport} is back.")]
    private partial void LogUp(string transport);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Debug, Message = "Signaling by {Transport}: not sent: {Reason}")]
    private partial void LogSendFailed(string transport, string reason);
}
