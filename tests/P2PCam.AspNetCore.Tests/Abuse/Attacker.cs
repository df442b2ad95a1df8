using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace P2PCam.AspNetCore.Tests.Abuse;

/// <summary>Somebody at an address of the loopback network who means no good.</summary>
internal sealed class Attacker(string address, int port)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>A connection on which nothing has been said.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends raw bytes as a request and gives the status of the response; 0 if the connection was just closed.</summary>
    public async Task<int> RequestAsync(string request)
    {
        using var socket = await ConnectAsync();
        var reply = new byte[512];
        var length = 0;
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request));
            using var limit = new CancellationTokenSource(Limit);
            while (length < 12 && await socket.ReceiveAsync(reply.AsMemory(length), limit.Token) is > 0 and var more)
            {
                length += more;
            }
        }
        catch (SocketException)
        {
            // Reset.
        }

        return length >= 12 ? int.Parse(Encoding.Latin1.GetString(reply, 9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    public Task<int> UpgradeAsync(string more = "", string host = "127.0.0.1") => RequestAsync(
        $"GET /signal HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n");

    public async Task<RawViewer> OpenAsync(Uri signaling)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(), ownsSocket: true) };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(signaling, invoker, CancellationToken.None);
        return new RawViewer(socket);
    }

    /// <summary>Whether the other side has ended the connection by now; never waits.</summary>
    public static bool IsEnded(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[4096], SocketFlags.None) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
