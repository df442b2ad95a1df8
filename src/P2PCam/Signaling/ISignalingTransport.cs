namespace P2PCam;

/// <summary>
/// Carries signaling messages between one participant and the others of its stream. One connection at a time: connect, then send and
/// read. Messages arrive in the order in which they were sent. Sending is safe from several callers at once; reading has one reader.
/// </summary>
public interface ISignalingTransport : IAsyncDisposable
{
    /// <summary>A short name for logs and metrics, such as <c>websocket</c>.</summary>
    string Name { get; }

    /// <summary>Joins a stream in a role. Connecting again after the messages ended joins anew.</summary>
    /// <exception cref="SignalingException">The other side is not reachable or refused; the code says which.</exception>
    Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default);

    /// <summary>Sends one message; waits while the other side cannot take more.</summary>
    /// <exception cref="SignalingException">The connection is closed, or the message is larger than <see cref="SignalingLimits.MaxMessageBytes"/>.</exception>
    ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default);

    /// <summary>Yields messages until the connection is closed by either side; throws <see cref="SignalingException"/> when it broke.</summary>
    IAsyncEnumerable<SignalingMessage> ReadAllAsync(CancellationToken cancellationToken = default);
}
