using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace P2PCam.SignalingConformance;

/// <summary>A TCP relay on loopback that can be cut: what goes through it is reset, and nothing new gets through until it is mended.</summary>
public sealed class TcpCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly Func<IPEndPoint> _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    /// <summary>A relay to one address.</summary>
    /// <param name="target">Where to.</param>
    public TcpCutter(IPEndPoint target)
        : this(() => target)
    {
    }

    /// <summary>A relay to an address that may change.</summary>
    /// <param name="target">Where to, asked for at each connection.</param>
    public TcpCutter(Func<IPEndPoint> target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What the transport under test connects to.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Resets all that goes through it; until <see cref="Mend"/> nothing new does.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    /// <summary>Lets new connections through.</summary>
    public void Mend() => _isCut = false;

    /// <summary>Cuts, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var target = _target();
        var host = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets[client] = _sockets[host] = 0;
        try
        {
            if (!_isCut)
            {
                await host.ConnectAsync(target);
                await Task.WhenAll(CopyAsync(client, host), CopyAsync(host, client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone; the other shall see it the same way.
        }
        finally
        {
            foreach (var socket in new[] { client, host })
            {
                _sockets.TryRemove(socket, out _);
                Reset(socket);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }

            ObjectDisposedException.ThrowIf(_isCut, this);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has been closed already.
        }
    }
}
