using System.Net.WebSockets;
using System.Text;

namespace P2PCam.AspNetCore.Tests;

/// <summary>A viewer that sends and reads text, as a browser would.</summary>
internal sealed class RawViewer(ClientWebSocket socket) : IDisposable
{
    public ClientWebSocket Socket { get; } = socket;

    public static async Task<RawViewer> JoinAsync(LoopbackHost host, string stream = "default")
    {
        var viewer = new RawViewer(await host.OpenAsync());
        await viewer.SendAsync($$"""{"type":"hello","stream":"{{stream}}","role":"Viewer","version":1}""");
        Assert.StartsWith("""{"type":"welcome",""", await viewer.ReadAsync());
        return viewer;
    }

    /// <summary>Says hello with a token and gives the reply.</summary>
    public static async Task<string?> HelloAsync(LoopbackHost host, string? token, string stream = "default", string role = "Viewer")
    {
        using var viewer = new RawViewer(await host.OpenAsync());
        var field = token is null ? "" : $",\"token\":\"{token}\"";
        await viewer.SendAsync($$"""{"type":"hello","stream":"{{stream}}","role":"{{role}}","version":1{{field}}}""");
        return await viewer.ReadAsync();
    }

    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message; null when the other side closed.</summary>
    public async Task<string?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var buffer = new byte[128 * 1024];
        var length = 0;
        while (true)
        {
            var received = await Socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    public void Dispose() => Socket.Dispose();
}
