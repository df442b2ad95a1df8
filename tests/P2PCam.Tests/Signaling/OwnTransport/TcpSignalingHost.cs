using System.Net;
using System.Net.Sockets;

namespace P2PCam.Tests.Signaling.OwnTransport;

/// <summary>The other end of <see cref="TcpSignalingTransport"/>: brings whoever connects into rooms.</summary>
public sealed class TcpSignalingHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _serving = [];
    private readonly InMemorySignaling _rooms;
    private readonly Task _accepting;

    public TcpSignalingHost(InMemorySignaling rooms)
    {
        _rooms = rooms;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                client.NoDelay = true;
                _serving.Add(_rooms.ServeAsync(new StreamSignalingLink(client.GetStream()), "tcp", _stopping.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
