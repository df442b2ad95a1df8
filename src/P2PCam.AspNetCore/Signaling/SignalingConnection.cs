using System.Net.WebSockets;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>One participant's WebSocket: takes its hello, then carries messages between it and its room until either side ends.</summary>
internal sealed class SignalingConnection(
    InMemorySignaling hub, WebSocket socket, WebSocketMessageStream stream, P2PCamEndpointOptions options, TimeProvider timeProvider)
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    /// <param name="stopping">The host shuts down: the participant is told so.</param>
    /// <param name="aborted">The client is gone.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        if (await ReceiveHelloAsync(aborted) is not { } hello)
        {
            return;
        }

        await using var room = hub.CreateTransport("websocket");
        try
        {
            await room.ConnectAsync(new SignalingJoin(hello.Stream, hello.Role, hello.Token), aborted);
        }
        catch (SignalingException e)
        {
            await EndAsync(e.Code, e.Message[(e.Code.Length + 2)..], aborted);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var fromSocket = ReadSocketAsync(room, ended.Token);
        var fromRoom = ReadRoomAsync(room, ended.Token);
        var shutdown = WhenCanceled(stopping, ended.Token);
        var first = await Task.WhenAny(fromSocket, fromRoom, shutdown);
        if (first == shutdown && !aborted.IsCancellationRequested)
        {
            await SayGoodbyeAsync(fromSocket);
        }

        // Cancelling a read aborts the socket, so that a silent client cannot hold up the end.
        await ended.CancelAsync();
        await Task.WhenAll(Quietly(fromSocket), Quietly(fromRoom));
    }

    private async Task<HelloMessage?> ReceiveHelloAsync(CancellationToken aborted)
    {
        // The read goes on when the time is over: cancelling it would abort the socket before the client is told why.
        var receiving = stream.ReceiveAsync(aborted).AsTask();
        SignalingMessage? first;
        try
        {
            first = await receiving.WaitAsync(options.HelloTimeout, timeProvider, aborted);
        }
        catch (TimeoutException)
        {
            await EndAsync("P2P3006", $"No hello within {options.HelloTimeout.TotalSeconds:0} s.", aborted, receiving);
            return null;
        }

        switch (first)
        {
            case null:
                return null;
            case not HelloMessage:
                await EndAsync("P2P3007", "The first message must be a hello.", aborted);
                return null;
            case HelloMessage { Version: not SignalingLimits.ProtocolVersion } hello:
                await EndAsync("P2P3008", $"This host speaks version {SignalingLimits.ProtocolVersion} of the protocol, not {hello.Version}.", aborted);
                return null;
            case HelloMessage { Role: SignalingRole.Broadcaster } when !options.AllowBroadcasters:
                await EndAsync("P2P3009", "This host takes viewers only; a camera joins by AllowBroadcasters.", aborted);
                return null;
            default:
                return (HelloMessage)first;
        }
    }

    private async Task ReadSocketAsync(ISignalingTransport room, CancellationToken cancellationToken)
    {
        var rate = new TokenBucket(options.MaxMessagesPerSecond, 4 * options.MaxMessagesPerSecond, timeProvider);
        while (await stream.ReceiveAsync(cancellationToken) is { } message)
        {
            if (!rate.TryTake())
            {
                await EndAsync("P2P3010", $"More than {options.MaxMessagesPerSecond} messages per second.", cancellationToken);
                return;
            }

            await room.SendAsync(message, cancellationToken);
            if (message is ByeMessage && message.Peer is null)
            {
                return;
            }
        }
    }

    private async Task ReadRoomAsync(ISignalingTransport room, CancellationToken cancellationToken)
    {
        await foreach (var message in room.ReadAllAsync(cancellationToken))
        {
            await stream.SendAsync(message, cancellationToken);
        }
    }

    private async Task SayGoodbyeAsync(Task reading)
    {
        using var limit = new CancellationTokenSource(GoodbyeTimeout, timeProvider);
        await Quietly(stream.SendAsync(new ByeMessage("the host is shutting down"), limit.Token).AsTask());
        await Quietly(socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "shutting down", limit.Token));
        await Quietly(reading.WaitAsync(limit.Token));
    }

    /// <summary>Says what is wrong, in the protocol and in the close frame, where the code fits.</summary>
    private async Task EndAsync(string code, string words, CancellationToken cancellationToken, Task? reading = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await stream.SendAsync(new ErrorMessage(code, words), cancellationToken);
        await Quietly(socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, code, cancellationToken));

        // Closing a TCP connection with unread data resets it, and the client would never see what was sent last.
        using var timer = timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, GoodbyeTimeout, Timeout.InfiniteTimeSpan);
        await Quietly(reading?.WaitAsync(limit.Token) ?? DrainAsync(limit.Token));
        if (reading?.IsCompleted == false)
        {
            socket.Abort();
            await Quietly(reading);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await stream.ReceiveAsync(cancellationToken) is not null)
        {
        }
    }

    private static async Task WhenCanceled(CancellationToken token, CancellationToken otherwise)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var first = token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), canceled);
        using var second = otherwise.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), canceled);
        await canceled.Task;
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or SignalingException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // This connection is at its end, whatever the reason.
        }
    }
}
