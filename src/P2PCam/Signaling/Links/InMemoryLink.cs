using System.Threading.Channels;

namespace P2PCam;

/// <summary>Two ends of a link within this process.</summary>
internal sealed class InMemoryLink : ISignalingLink
{
    private const int Capacity = 16;
    private readonly ChannelReader<byte[]> _incoming;
    private readonly ChannelWriter<byte[]> _outgoing;
    private readonly Channel<byte[]> _both;

    private InMemoryLink(Channel<byte[]> incoming, Channel<byte[]> outgoing)
    {
        (_incoming, _outgoing, _both) = (incoming.Reader, outgoing.Writer, incoming);
    }

    public static (ISignalingLink Client, ISignalingLink Server) CreatePair()
    {
        var (up, down) = (Channel.CreateBounded<byte[]>(Capacity), Channel.CreateBounded<byte[]>(Capacity));
        return (new InMemoryLink(down, up), new InMemoryLink(up, down));
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.WriteAsync(message.ToArray(), cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw SignalingErrors.Broken(e);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _incoming.WaitToReadAsync(cancellationToken))
        {
            if (_incoming.TryRead(out var message))
            {
                return message.Length <= SignalingLimits.MaxMessageBytes ? message : throw SignalingErrors.TooLarge(message.Length);
            }
        }

        return null;
    }

    public ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken)
    {
        _outgoing.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        // After a goodbye this changes nothing.
        _outgoing.TryComplete(SignalingErrors.Broken());
        _both.Writer.TryComplete(SignalingErrors.Broken());
        return ValueTask.CompletedTask;
    }
}
