using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace P2PCam.SignalingConformance.Examples;

/// <summary>A transport of one's own: plain TCP, one message per line, an empty line for goodbye.</summary>
public sealed class TcpSignalingTransport(IPEndPoint host) : SignalingTransport("tcp")
{
    protected override async Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, cancellationToken);
            return new LineLink(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new SignalingException("P2P2002", $"{host} is not reachable: {e.Message}", e) : e;
        }
    }
}

public sealed class LineLink(Stream stream) : ISignalingLink
{
    private readonly PipeReader _reader = PipeReader.Create(stream);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        byte[] line = [.. message.Span, (byte)'\n'];
        try
        {
            await stream.WriteAsync(line, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new SignalingException("P2P2010", "The connection broke.", e);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(cancellationToken);
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = read.Buffer.Slice(0, end).ToArray();
                    _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    if (line.Length == 0)
                    {
                        return null;
                    }

                    return line;
                }

                var isTooLarge = read.Buffer.Length > SignalingLimits.MaxMessageBytes;
                _reader.AdvanceTo(isTooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
                if (isTooLarge || read.IsCompleted)
                {
                    throw isTooLarge ? new SignalingException("P2P2008", "The line is too long.") : new SignalingException("P2P2010", "The connection broke.");
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw new SignalingException("P2P2010", "The connection broke.", e);
        }
    }

    public ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken) => SendAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
