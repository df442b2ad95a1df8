using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>One client of the hub as a link. SignalR calls the hub for one message at a time, and waits while this does.</summary>
internal sealed class HubLink(ISingleClientProxy client, HubCallerContext context) : ISignalingLink
{
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(16);

    public Task Serving { get; set; } = Task.CompletedTask;

    public async Task AcceptAsync(JsonElement message, CancellationToken cancellationToken)
    {
        try
        {
            await _incoming.Writer.WriteAsync(JsonMarshal.GetRawUtf8Value(message).ToArray(), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // It went on after its goodbye; nobody listens.
        }
    }

    public void EndIncoming(Exception? error) => _incoming.Writer.TryComplete(error);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (context.ConnectionAborted.IsCancellationRequested)
        {
            throw SignalingErrors.Broken();
        }

        await client.SendAsync("Receive", JsonElement.Parse(message.Span), cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _incoming.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_incoming.Reader.TryRead(out var message))
            {
                return message.Length <= SignalingLimits.MaxMessageBytes ? message : throw SignalingErrors.TooLarge(message.Length);
            }
        }

        return null;
    }

    public async ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken) =>
        await client.SendAsync("Close", errorCode, cancellationToken);

    public ValueTask DisposeAsync()
    {
        context.Abort();
        return ValueTask.CompletedTask;
    }
}
