using System.Buffers;
using System.IO.Pipelines;

namespace P2PCam;

/// <summary>
/// Signaling over any two-way stream, such as a TCP connection, a pipe or a serial line: one JSON message per line, an empty line for goodbye.
/// What the stream throws becomes <see cref="SignalingException"/> P2P2010. The stream is disposed with the link.
/// </summary>
/// <param name="stream">Readable and writable, and nobody else reads or writes it.</param>
public sealed class StreamSignalingLink(Stream stream) : ISignalingLink
{
    private readonly PipeReader _reader = PipeReader.Create(stream);

    /// <inheritdoc />
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        byte[] line = [.. message.Span, (byte)'\n'];
        try
        {
            await stream.WriteAsync(line, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    /// <inheritdoc />
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(cancellationToken);
                var end = read.Buffer.PositionOf((byte)'\n');
                var length = (end is null ? read.Buffer : read.Buffer.Slice(0, end.Value)).Length;
                if (length > SignalingLimits.MaxMessageBytes)
                {
                    _reader.AdvanceTo(read.Buffer.End);
                    throw new SignalingException("P2P2008", $"A message has at most {SignalingLimits.MaxMessageBytes} bytes; this line is longer.");
                }

                if (end is { } lineEnd)
                {
                    var line = read.Buffer.Slice(0, lineEnd).ToArray();
                    _reader.AdvanceTo(read.Buffer.GetPosition(1, lineEnd));
                    return line.Length == 0 ? null : new ReadOnlyMemory<byte>(line);
                }

                _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                {
                    throw Broken();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Broken(e);
        }
    }

    /// <inheritdoc />
    public ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken) => SendAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static SignalingException Broken(Exception? cause = null) => new("P2P2010", "The signaling connection broke.", cause);
}
