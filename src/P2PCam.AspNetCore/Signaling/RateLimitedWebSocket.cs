using System.Net.WebSockets;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// Reads like the other side had closed once it sends more messages than it may. Counted here, ahead of parsing, so that what is no message
/// counts too.
/// </summary>
internal sealed class RateLimitedWebSocket(WebSocket inner, TokenBucket rate) : WebSocket
{
    public bool IsExceeded { get; private set; }

    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (IsExceeded)
        {
            return Closed;
        }

        var received = await inner.ReceiveAsync(buffer, cancellationToken);
        if (!received.EndOfMessage || received.MessageType == WebSocketMessageType.Close || rate.TryTake())
        {
            return received;
        }

        IsExceeded = true;
        return Closed;
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        var received = await ReceiveAsync(buffer.AsMemory(), cancellationToken);
        return new WebSocketReceiveResult(received.Count, received.MessageType, received.EndOfMessage);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, WebSocketMessageFlags messageFlags, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, messageFlags, cancellationToken);

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => inner.Abort();

    public override void Dispose() => inner.Dispose();

    private static ValueWebSocketReceiveResult Closed => new(0, WebSocketMessageType.Close, true);
}
