using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace P2PCam.SignalR;

/// <summary>
/// A client's connection to the hub as a link: calls <c>Send(message)</c> and <c>Leave()</c>, is called by <c>Receive(message)</c> and
/// <c>Close(errorCode)</c>. SignalR reads ahead without bound, so the bound is here; the session's window keeps well below it.
/// </summary>
internal sealed class HubConnectionLink : ISignalingLink
{
    private const int Capacity = 4 * SignalingLimits.MaxQueuedMessages;
    private readonly HubConnection _connection;
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(Capacity);

    public HubConnectionLink(HubConnection connection)
    {
        _connection = connection;
        connection.On<JsonElement>("Receive", Accept);
        connection.On<string?>("Close", _ => _incoming.Writer.TryComplete());
        connection.Closed += error =>
        {
            _incoming.Writer.TryComplete(SignalingErrors.Broken(error));
            return Task.CompletedTask;
        };
    }

    public Task StartAsync(CancellationToken cancellationToken) => _connection.StartAsync(cancellationToken);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        JsonElement element;
        try
        {
            element = JsonElement.Parse(message.Span);
        }
        catch (JsonException)
        {
            // Only what is JSON can be an argument; what is not goes as a string, and is no message there either.
            element = JsonSerializer.SerializeToElement(Convert.ToHexString(message.Span), HubJsonContext.Default.String);
        }

        try
        {
            await _connection.SendAsync("Send", element, cancellationToken);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw SignalingErrors.Broken(e);
        }
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

    public async ValueTask CloseAsync(string? errorCode, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.SendAsync("Leave", cancellationToken);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The host is gone already; there is nobody left to say goodbye to.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Accept(JsonElement message)
    {
        if (!_incoming.Writer.TryWrite(JsonMarshal.GetRawUtf8Value(message).ToArray()))
        {
            _incoming.Writer.TryComplete(SignalingErrors.Broken());
        }
    }

    private static bool IsEnd(Exception e) => e is InvalidOperationException or IOException or ObjectDisposedException or System.Net.WebSockets.WebSocketException;
}
