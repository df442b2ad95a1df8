using System.Net;
using System.Net.Sockets;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>
/// One UDP socket bound to one local address, so that the source address of all that leaves is known (RFC 8445 needs to know it). Sends
/// a run of equal datagrams with one system call where the system can (UDP_SEGMENT on Linux), and one by one elsewhere.
/// Sending is for one thread at a time; received datagrams are handed to the sink on thread-pool threads.
/// </summary>
internal sealed class UdpEndpoint : IAsyncDisposable
{
    private const int SocketBufferBytes = 4 * 1024 * 1024;
    private const int MaxDatagram = 2048;
    private readonly Socket _socket;
    private readonly SocketAddress _destination;
    private readonly SegmentationOffload _offload;
    private readonly CancellationTokenSource _closing = new();
    private Task _receiving = Task.CompletedTask;

    private UdpEndpoint(Socket socket, TransportAddress local)
    {
        (_socket, Local) = (socket, local);
        _destination = new IPEndPoint(local.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();
        _offload = new SegmentationOffload(socket);
    }

    /// <summary>Where this socket is bound, with the actual port.</summary>
    public TransportAddress Local { get; }

    /// <summary>Datagrams that the system did not take.</summary>
    public long SendErrors { get; private set; }

    /// <summary>Whether runs of datagrams leave with one system call.</summary>
    public bool UsesSegmentationOffload => _offload.IsAvailable;

    /// <exception cref="SocketException">The address is not local or the port is taken.</exception>
    public static UdpEndpoint Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            if (OperatingSystem.IsWindows())
            {
                const int SioUdpConnReset = -1744830452;
                socket.IOControl(SioUdpConnReset, [0], null);
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.SendBufferSize = SocketBufferBytes;
            socket.ReceiveBufferSize = SocketBufferBytes;
            socket.Blocking = false;
            return new UdpEndpoint(socket, TransportAddress.From(address, ((IPEndPoint)socket.LocalEndPoint!).Port));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Starts handing received datagrams to <paramref name="sink"/>; call once.</summary>
    public void StartReceiving(IDatagramSink sink) => _receiving = ReceiveAsync(sink, _closing.Token);

    /// <summary>Sends <paramref name="data"/> as datagrams of <paramref name="segmentSize"/> bytes (the last may be shorter).</summary>
    public void Send(ReadOnlySpan<byte> data, int segmentSize, in TransportAddress remote)
    {
        SocketAddressConverter.Write(remote, _destination);
        if (data.Length <= segmentSize)
        {
            _offload.PrepareSingle(data.Length);
            SendOne(data);
            return;
        }

        if (_offload.TrySend(data, segmentSize, _destination))
        {
            return;
        }

        _offload.PrepareSingle(segmentSize);
        for (var offset = 0; offset < data.Length; offset += segmentSize)
        {
            SendOne(data.Slice(offset, Math.Min(segmentSize, data.Length - offset)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _closing.Dispose();
    }

    private void SendOne(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destination);
        }
        catch (SocketException)
        {
            // Full queue, no route, interface down: for media all the same as a packet lost on the way, which the protocols repair.
            SendErrors++;
        }
    }

    private async Task ReceiveAsync(IDatagramSink sink, CancellationToken cancellationToken)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var from = new IPEndPoint(Local.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, from, cancellationToken);
                sink.OnDatagram(this, SocketAddressConverter.ToTransportAddress(from), buffer.AsSpan(0, length));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!cancellationToken.IsCancellationRequested)
            {
                // An oversized datagram or an ICMP error of an earlier send: the socket is still good. Yielding keeps a
                // persistent error from becoming a busy loop.
                await Task.Delay(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            }
        }
    }
}

/// <summary>Takes datagrams as they arrive; called on thread-pool threads and must copy what it keeps.</summary>
internal interface IDatagramSink
{
    void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram);
}
