using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// Refuses to go on once the other side sends more messages than it may. Counted here, ahead of parsing, so that what is no message counts too.
/// </summary>
internal sealed class RateLimitedLink(ISignalingLink inner, TokenBucket rate, int perSecond) : ISignalingLink
{
    private bool _isExceeded;

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => inner.SendAsync(message, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = await inner.ReceiveAsync(cancellationToken);
        if (message is not null && (_isExceeded || !rate.TryTake()))
        {
            _isExceeded = true;
            throw new SignalingException("P2P3010", $"More than {perSecond} messages per second.");
        }

        return message;
    }

    public ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken) => inner.CloseAsync(errorCode, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
