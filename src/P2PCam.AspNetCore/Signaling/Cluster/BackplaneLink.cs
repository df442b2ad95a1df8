using System.Threading.Channels;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>A participant's link between the instance that it is connected to and the one that keeps its room; this is either end.</summary>
internal sealed class BackplaneLink(Backplane backplane, string peer, string id, Action<BackplaneLink> disposed) : ISignalingLink
{
    private const int Capacity = 4096;
    private readonly Channel<BackplaneFrame> _incoming = Channel.CreateBounded<BackplaneFrame>(Capacity);
    private long _sent;
    private long _received;
    private int _isOver;

    public string Id { get; } = id;

    public string Peer { get; } = peer;

    /// <summary>Why the other end closed it, once <see cref="ReceiveAsync"/> gave null.</summary>
    public string? CloseCode { get; private set; }

    public Task OpenAsync(SignalingGuest guest, CancellationToken cancellationToken) => SendAsync(BackplaneFrameKind.Open, guest, null, null, cancellationToken);

    /// <summary>Takes a frame from the backplane, which calls in order.</summary>
    public void Accept(BackplaneFrame frame)
    {
        if (frame.Number != _received++ || frame.Kind == BackplaneFrameKind.Broken || !_incoming.Writer.TryWrite(frame))
        {
            Break();
        }
    }

    public void Break() => _incoming.Writer.TryComplete(SignalingErrors.Broken());

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        await SendAsync(BackplaneFrameKind.Message, null, message.ToArray(), null, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _incoming.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_incoming.Reader.TryRead(out var frame))
            {
                continue;
            }

            if (frame.Kind == BackplaneFrameKind.Message)
            {
                return new ReadOnlyMemory<byte>(frame.Message);
            }

            if (frame.Kind == BackplaneFrameKind.Close)
            {
                CloseCode = frame.Code;
                return null;
            }
        }

        return null;
    }

    public async ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            await SendAsync(BackplaneFrameKind.Close, null, null, errorCode, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            try
            {
                await SendAsync(BackplaneFrameKind.Broken, null, null, null, CancellationToken.None);
            }
            catch (SignalingException)
            {
                // Without a backplane the other end finds out when the claim is not renewed.
            }
        }

        Break();
        disposed(this);
    }

    private async Task SendAsync(BackplaneFrameKind kind, SignalingGuest? guest, byte[]? message, string? code, CancellationToken cancellationToken)
    {
        var frame = new BackplaneFrame(backplane.Id, Id, _sent++, kind) { Guest = guest, Message = message, Code = code };
        try
        {
            await backplane.SendAsync(Peer, frame, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SignalingErrors.Broken(e);
        }
    }
}
