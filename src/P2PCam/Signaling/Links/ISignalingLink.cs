namespace P2PCam;

/// <summary>
/// One connection that carries messages: a WebSocket, a pipe, a serial line. It may break at any time; <see cref="SignalingTransport"/> on
/// one side and <see cref="InMemorySignaling.ServeAsync"/> on the other make joining, roles and resuming out of it.
/// Disposing drops it without a goodbye.
/// </summary>
public interface ISignalingLink : IAsyncDisposable
{
    /// <summary>Sends one message, UTF-8 JSON of at most <see cref="SignalingLimits.MaxMessageBytes"/>. Called by one caller at a time.</summary>
    /// <exception cref="SignalingException">The link is broken (P2P2010).</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>The next message, good until the next call; null once the other side said goodbye. Called by one caller at a time, beside sending.</summary>
    /// <exception cref="SignalingException">The link broke (P2P2010), or the message is too large (P2P2008).</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Says goodbye, with the code of the error that ends it if there was one; the other side's <see cref="ReceiveAsync"/> then gives null.</summary>
    ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken);
}
