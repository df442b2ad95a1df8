using System.Net;
using System.Net.Sockets;

namespace P2PCam.Tests.Signaling.OwnTransport;

/// <summary>A transport of one's own: plain TCP, one message per line, an empty line for goodbye.</summary>
public sealed class TcpSignalingTransport(IPEndPoint host) : SignalingTransport("tcp")
{
    protected override async Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, cancellationToken);
            return new StreamSignalingLink(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new SignalingException("P2P2002", $"{host} is not reachable: {e.Message}", e) : e;
        }
    }
}
