using System.Net.WebSockets;

namespace P2PCam;

/// <summary>A WebSocket of either side as a link: one message per text frame. Close code 1000 is a goodbye; 1001 and a break are not.</summary>
internal sealed class WebSocketLink(WebSocket socket) : ISignalingLink
{
    private byte[] _buffer = new byte[4096];

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw SignalingErrors.Broken(e);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var length = 0; ;)
            {
                var received = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    // A page that is suspended and a host that restarts are "going away" (1001): they may come back.
                    return socket.CloseStatus == WebSocketCloseStatus.EndpointUnavailable ? throw SignalingErrors.Broken() : null;
                }

                length += received.Count;
                if (length > SignalingLimits.MaxMessageBytes)
                {
                    throw SignalingErrors.TooLarge(length);
                }

                if (received.EndOfMessage)
                {
                    // Binary messages are none of ours; an empty one is answered as such.
                    return received.MessageType == WebSocketMessageType.Text ? _buffer.AsMemory(0, length) : ReadOnlyMemory<byte>.Empty;
                }

                if (length == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw SignalingErrors.Broken(e);
        }
    }

    public async ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(StatusOf(errorCode), errorCode, cancellationToken);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The other side is gone already; there is nobody left to say goodbye to.
        }
    }

    public ValueTask DisposeAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.Connecting or WebSocketState.CloseReceived)
        {
            socket.Abort();
        }

        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static WebSocketCloseStatus StatusOf(string? errorCode) => errorCode switch
    {
        null => WebSocketCloseStatus.NormalClosure,
        SignalingErrors.TooLargeCode => WebSocketCloseStatus.MessageTooBig,
        SignalingErrors.GoingAwayCode => WebSocketCloseStatus.EndpointUnavailable,
        _ => WebSocketCloseStatus.PolicyViolation,
    };

    private static bool IsEnd(Exception e) => e is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException;
}
