using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Commands and answers of WebDriver BiDi over a WebSocket that starts inside a network namespace. Events are not asked for.</summary>
internal sealed class BidiConnection : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly ClientWebSocket _socket;
    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _receiving;
    private long _count;

    private BidiConnection(ClientWebSocket socket, HttpMessageInvoker invoker)
    {
        (_socket, _invoker) = (socket, invoker);
        _receiving = ReceiveAsync();
    }

    public static async Task<BidiConnection> ConnectAsync(NetworkNamespace space, Uri address)
    {
        var socket = new ClientWebSocket();
        var invoker = new HttpMessageInvoker(space.CreateHttpHandler());
        using var limit = new CancellationTokenSource(Limit);
        await socket.ConnectAsync(address, invoker, limit.Token);
        return new BidiConnection(socket, invoker);
    }

    /// <summary>Sends a command and returns its result.</summary>
    /// <exception cref="InvalidOperationException">The browser refused it; the message has its own words.</exception>
    public async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var id = Interlocked.Increment(ref _count);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters });
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, _end.Token);
        }
        finally
        {
            _sending.Release();
        }

        var message = await answer.Task.WaitAsync(Limit);
        return message.GetProperty("type").GetString() == "success"
            ? message.GetProperty("result")
            : throw new InvalidOperationException($"{method}: {message.GetProperty("message").GetString()}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _invoker.Dispose();
        _sending.Dispose();
        _end.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _end.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Complete(message.ToArray());
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The browser or this connection is gone.
        }

        foreach (var answer in _pending.Values)
        {
            answer.TrySetException(new InvalidOperationException("The connection to the browser is closed."));
        }
    }

    private void Complete(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && _pending.TryRemove(id.GetInt64(), out var answer))
        {
            answer.TrySetResult(document.RootElement.Clone());
        }
    }
}
