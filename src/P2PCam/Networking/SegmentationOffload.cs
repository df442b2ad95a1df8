using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace P2PCam.Networking;

/// <summary>
/// UDP generic segmentation offload (Linux 4.18): the socket option UDP_SEGMENT tells the kernel to cut one buffer into datagrams. The
/// option stays set on the socket, and a datagram that is not longer than it leaves whole, so it is changed only when sizes change.
/// </summary>
internal sealed class SegmentationOffload
{
    private const int SolUdp = 17;
    private const int UdpSegment = 103;
    private const int MaxSegments = 64;
    private const int MaxBytes = 65_000;
    private readonly Socket _socket;
    private int _segmentSize;

    public SegmentationOffload(Socket socket)
    {
        _socket = socket;
        IsAvailable = OperatingSystem.IsLinux() && TrySetSegmentSize(0);
    }

    public bool IsAvailable { get; private set; }

    /// <summary>Sends all of <paramref name="data"/> in as few calls as the kernel's limits allow; false when the caller has to.</summary>
    public bool TrySend(ReadOnlySpan<byte> data, int segmentSize, SocketAddress destination)
    {
        if (!IsAvailable || !TrySetSegmentSize(segmentSize))
        {
            return false;
        }

        var run = Math.Min(MaxSegments, MaxBytes / segmentSize) * segmentSize;
        for (var offset = 0; offset < data.Length; offset += run)
        {
            try
            {
                _socket.SendTo(data.Slice(offset, Math.Min(run, data.Length - offset)), SocketFlags.None, destination);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            {
                // The queue is full: as good as lost on the way.
            }
            catch (SocketException e) when (offset == 0 && e.SocketErrorCode is SocketError.InvalidArgument or SocketError.SocketError or SocketError.MessageSize)
            {
                // A device that cannot offload the checksum (EIO) or a path that does not fit: plain sends from now on.
                IsAvailable = false;
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Makes sure that a datagram of this length is not cut.</summary>
    public void PrepareSingle(int length)
    {
        if (_segmentSize != 0 && length > _segmentSize)
        {
            TrySetSegmentSize(0);
        }
    }

    private bool TrySetSegmentSize(int size)
    {
        if (size == _segmentSize && size != 0)
        {
            return true;
        }

        try
        {
            _socket.SetRawSocketOption(SolUdp, UdpSegment, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in size)));
            _segmentSize = size;
            return true;
        }
        catch (SocketException)
        {
            IsAvailable = false;
            return false;
        }
    }
}
