using System.Runtime.InteropServices;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>What waits for the session loop.</summary>
internal readonly record struct LoopItem(LoopItemKind Kind, UdpEndpoint? Endpoint, TransportAddress Remote, byte[]? Buffer, int Length, PacketizedFrame? Frame, Action? Work);

internal enum LoopItemKind
{
    Datagram,
    Frame,
    Work,
}

/// <summary>
/// Hand-over from other threads to the one loop that owns all sessions. Datagrams are bounded (the newest is dropped, as a full socket
/// buffer would); frames are bounded by their makers; work is rare. What was taken is the taker's until it comes again, and datagrams'
/// buffers go round between the two.
/// </summary>
internal sealed class LoopMailbox
{
    private const int MaxDatagrams = 8192;
    private const int MaxFreeBuffers = 1024;
    private const int BufferBytes = 2048;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private readonly object _gate = new();
    private bool _signaled;
    private bool _woken;
    private List<LoopItem> _filling = new(256);
    private List<LoopItem> _draining = new(256);
    private readonly Stack<byte[]> _freeBuffers = new();
    private int _datagrams;

    public long DatagramsDropped { get; private set; }

    /// <param name="endpoint">The socket that it came to.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="datagram">Copied; at most 2,048 bytes.</param>
    public void PostDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_datagrams >= MaxDatagrams)
            {
                DatagramsDropped++;
                return;
            }

            if (!_freeBuffers.TryPop(out var buffer))
            {
                buffer = new byte[BufferBytes];
            }

            datagram.CopyTo(buffer);
            _filling.Add(new LoopItem(LoopItemKind.Datagram, endpoint, remote, buffer, datagram.Length, null, null));
            _datagrams++;
            Signal();
        }
    }

    public void PostFrame(PacketizedFrame frame) => Post(new LoopItem(LoopItemKind.Frame, null, default, null, 0, frame, null));

    public void PostWork(Action work) => Post(new LoopItem(LoopItemKind.Work, null, default, null, 0, null, work));

    /// <summary>Wakes the loop: some session, nobody says which, has something to hand out.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Signal();
        }
    }

    /// <summary>Waits until something was posted, <see cref="Wake"/> was called or the limit has passed, and takes all there is.</summary>
    /// <param name="limit">Real time; whole milliseconds, rounded up.</param>
    /// <param name="woken">Whether <see cref="Wake"/> was called since the last time.</param>
    public List<LoopItem> WaitAndTake(TimeSpan limit, out bool woken)
    {
        var milliseconds = (int)Math.Ceiling((limit < LongestWait ? limit : LongestWait).TotalMilliseconds);
        lock (_gate)
        {
            // Waking up early is harmless: the loop looks at its own clock.
            if (!_signaled && milliseconds > 0)
            {
                Monitor.Wait(_gate, milliseconds);
            }

            woken = _woken;
            _woken = _signaled = false;
            RecycleDrained();
            (_filling, _draining) = (_draining, _filling);
            _datagrams = 0;
            return _draining;
        }
    }

    private void RecycleDrained()
    {
        foreach (ref readonly var item in CollectionsMarshal.AsSpan(_draining))
        {
            if (item.Buffer is not null && _freeBuffers.Count < MaxFreeBuffers)
            {
                _freeBuffers.Push(item.Buffer);
            }
        }

        _draining.Clear();
    }

    private void Post(in LoopItem item)
    {
        lock (_gate)
        {
            _filling.Add(item);
            Signal();
        }
    }

    private void Signal()
    {
        if (!_signaled)
        {
            _signaled = true;
            Monitor.Pulse(_gate);
        }
    }
}
