using System.Buffers;
using System.Net.WebSockets;

namespace P2PCam;

/// <summary>Signaling messages over one WebSocket, of either side: bounded in size, sends serialised, a clean close from either end.</summary>
internal sealed class WebSocketMessageStream(WebSocket socket) : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _sending = new(1, 1);

    public async ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken)
    {
        var json = SignalingJson.Serialize(message);
        if (json.Length > SignalingLimits.MaxMessageBytes)
        {
            throw new SignalingException("P2P2008", $"A message may have {SignalingLimits.MaxMessageBytes} bytes; this one has {json.Length}.");
        }

        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(json, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new SignalingException("P2P2010", "The signaling connection is closed.", e);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; null when the other side closed. What is not a message is answered with an error and skipped.</summary>
    public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (message, error, closed) = await ReceiveOneAsync(cancellationToken);
            if (closed || message is not null)
            {
                return message;
            }

            await SendAsync(new ErrorMessage("P2P2011", error ?? "Not a signaling message."), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseTimeout);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side is gone already; there is nobody left to say goodbye to.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async ValueTask<(SignalingMessage? Message, string? Error, bool Closed)> ReceiveOneAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            for (var length = 0; ;)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return (null, null, true);
                }

                length += received.Count;
                if (length > SignalingLimits.MaxMessageBytes)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"At most {SignalingLimits.MaxMessageBytes} bytes.", cancellationToken);
                    throw new SignalingException("P2P2008", $"The other side sent a message of more than {SignalingLimits.MaxMessageBytes} bytes.");
                }

                if (received.EndOfMessage)
                {
                    if (received.MessageType != WebSocketMessageType.Text)
                    {
                        return (null, "Messages are text, not binary.", false);
                    }

                    return SignalingJson.TryParse(buffer.AsSpan(0, length), out var message, out var error) ? (message, null, false) : (null, error, false);
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (WebSocketException e)
        {
            throw new SignalingException("P2P2010", "The signaling connection broke.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
