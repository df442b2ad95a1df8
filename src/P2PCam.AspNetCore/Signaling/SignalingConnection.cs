using System.Net.WebSockets;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>One participant's WebSocket: takes its hello, then carries messages between it and its room until either side ends.</summary>
internal sealed class SignalingConnection : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How many seconds' worth of messages may come at once: a browser's offer and candidates do.</summary>
    private const int Burst = 4;

    private readonly InMemorySignaling _hub;
    private readonly WebSocket _raw;
    private readonly RateLimitedWebSocket _socket;
    private readonly WebSocketMessageStream _stream;
    private readonly P2PCamEndpointOptions _options;
    private readonly Func<HelloMessage, ValueTask<Admitted>> _admit;
    private readonly TimeProvider _timeProvider;
    private volatile bool _isEnding;

    public SignalingConnection(
        InMemorySignaling hub, WebSocket socket, P2PCamEndpointOptions options, Func<HelloMessage, ValueTask<Admitted>> admit, TimeProvider timeProvider)
    {
        (_hub, _raw, _options, _admit, _timeProvider) = (hub, socket, options, admit, timeProvider);
        _socket = new RateLimitedWebSocket(socket, new TokenBucket(options.MaxMessagesPerSecond, Burst * options.MaxMessagesPerSecond, timeProvider));
        _stream = new WebSocketMessageStream(_socket);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <param name="stopping">The host shuts down: the participant is told so.</param>
    /// <param name="aborted">The client is gone.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        if (await ReceiveHelloAsync(aborted) is not { } hello)
        {
            return;
        }

        using var admitted = await _admit(hello);
        if (admitted.Refusal is { } refusal)
        {
            await EndAsync(refusal.Code, refusal.Words, aborted);
            return;
        }

        await using var room = _hub.CreateTransport("websocket");
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
        var fromRoom = ReadRoomAsync(room, admitted, ended.Token);
        var shutdown = WhenCanceled(stopping, ended.Token);
        var expiry = admitted.WhenExpiredAsync(ended.Token);
        var first = await Task.WhenAny(fromSocket, fromRoom, shutdown, expiry);
        if (first == expiry)
        {
            // Its pictures end as well: to the broadcaster it says goodbye.
            await room.SendAsync(new ByeMessage("its access has expired"), aborted);
            await EndAsync("P2P3111", "The time for which you may watch is over.", aborted, fromSocket);
        }
        else if (first == shutdown && !aborted.IsCancellationRequested)
        {
            await SayGoodbyeAsync(fromSocket);
        }
        else if (first == fromRoom && _isEnding)
        {
            // It failed because the reader is saying why this ends; let it finish.
            await Quietly(fromSocket);
        }

        // Cancelling a read aborts the socket, so that a silent client cannot hold up the end.
        await ended.CancelAsync();
        await Task.WhenAll(Quietly(fromSocket), Quietly(fromRoom), Quietly(expiry));
    }

    private async Task<HelloMessage?> ReceiveHelloAsync(CancellationToken aborted)
    {
        // The read goes on when the time is over: cancelling it would abort the socket before the client is told why.
        var receiving = _stream.ReceiveAsync(aborted).AsTask();
        SignalingMessage? first;
        try
        {
            first = await receiving.WaitAsync(_options.HelloTimeout, _timeProvider, aborted);
        }
        catch (TimeoutException)
        {
            await EndAsync("P2P3006", $"No hello within {_options.HelloTimeout.TotalSeconds:0} s.", aborted, receiving);
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
            default:
                return (HelloMessage)first;
        }
    }

    private async Task ReadSocketAsync(ISignalingTransport room, CancellationToken cancellationToken)
    {
        while (await _stream.ReceiveAsync(cancellationToken) is { } message)
        {
            await room.SendAsync(message, cancellationToken);
            if (message is ByeMessage && message.Peer is null)
            {
                return;
            }
        }

        if (_socket.IsExceeded)
        {
            await EndAsync("P2P3010", $"More than {_options.MaxMessagesPerSecond} messages per second.", cancellationToken);
        }
    }

    private async Task ReadRoomAsync(ISignalingTransport room, Admitted admitted, CancellationToken cancellationToken)
    {
        await foreach (var message in room.ReadAllAsync(cancellationToken))
        {
            await _stream.SendAsync(admitted.Complete(message), cancellationToken);
        }
    }

    private async Task SayGoodbyeAsync(Task reading)
    {
        using var limit = new CancellationTokenSource(GoodbyeTimeout, _timeProvider);
        await Quietly(_stream.SendAsync(new ByeMessage("the host is shutting down"), limit.Token).AsTask());
        await Quietly(_socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "shutting down", limit.Token));
        await Quietly(reading.WaitAsync(limit.Token));
    }

    /// <summary>Says what is wrong, in the protocol and in the close frame, where the code fits.</summary>
    private async Task EndAsync(string code, string words, CancellationToken cancellationToken, Task? reading = null)
    {
        _isEnding = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await _stream.SendAsync(new ErrorMessage(code, words), cancellationToken);
        await Quietly(_socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, code, cancellationToken));

        // Closing a TCP connection with unread data resets it, and the client would never see what was sent last.
        using var timer = _timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, GoodbyeTimeout, Timeout.InfiniteTimeSpan);
        await Quietly(reading?.WaitAsync(limit.Token) ?? DrainAsync(limit.Token));
        if (reading?.IsCompleted == false)
        {
            _socket.Abort();
            await Quietly(reading);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var waste = new byte[4096];
        while ((await _raw.ReceiveAsync(waste.AsMemory(), cancellationToken)).MessageType != WebSocketMessageType.Close)
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
