using System.Net;
using System.Net.Sockets;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>
/// One UDP socket bound to one local address, so that the source address of all that leaves is known (RFC 8445 needs to know it). Sends
/// a run of equal datagrams with one system call where the system can (UDP_SEGMENT on Linux), and one by one elsewhere.
/// Sending is for one thread at a time; received datagrams are handed to the sink on a thread of the socket's own, which costs a fraction
/// of an asynchronous receive: the few datagrams of a broadcast's viewers would each wake the pool and leave its threads spinning.
/// </summary>
internal sealed class UdpEndpoint : IAsyncDisposable
{
    private const int SocketBufferBytes = 4 * 1024 * 1024;
    private const int MaxDatagram = 2048;
    private const int LongestPause = 100;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly Socket _socket;
    private readonly SocketAddress _destination;
    private readonly SegmentationOffload _offload;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _receiver;
    private volatile bool _closing;

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
    public void StartReceiving(IDatagramSink sink)
    {
        _receiver = new Thread(() => Receive(sink)) { IsBackground = true, Name = "P2PCam receive" };
        _receiver.Start();
    }

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

    /// <summary>Closes one that has not begun to receive.</summary>
    public void DisposeUnused() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (_receiver is not null)
        {
            WakeReceiver();
            await _ended.Task;
        }

        _socket.Dispose();
    }

    // An empty datagram to ourselves ends the wait at once; where it does not get through, the wait's own limit does.
    private void WakeReceiver()
    {
        try
        {
            using var waker = new Socket(_socket.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            waker.SendTo([], SocketFlags.None, Local.ToIPEndPoint());
        }
        catch (SocketException)
        {
            // The interface is gone, for one.
        }
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

    private void Receive(IDatagramSink sink)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var from = new IPEndPoint(Local.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();
        var errors = 0;
        while (!_closing)
        {
            try
            {
                // The socket does not block, for the sender's sake, so the wait is a call of its own.
                if (_socket.Poll(LongestWait, SelectMode.SelectRead))
                {
                    var length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                    sink.OnDatagram(this, SocketAddressConverter.ToTransportAddress(from), buffer.AsSpan(0, length));
                    errors = 0;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // A datagram with a wrong checksum wakes the wait and is thrown away by the system.
            }
            catch (SocketException)
            {
                // An oversized datagram or an ICMP error of an earlier send: the socket is still good. Pausing keeps a persistent
                // error, as of an interface that is gone, from becoming a busy loop.
                errors++;
                Thread.Sleep(Math.Min(errors, LongestPause));
            }
        }

        _ended.SetResult();
    }
}

/// <summary>Takes datagrams as they arrive; called on the sockets' threads and must copy what it keeps.</summary>
internal interface IDatagramSink
{
    void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram);
}
