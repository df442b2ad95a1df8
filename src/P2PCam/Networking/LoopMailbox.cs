using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>What waits for the session loop; a datagram's bytes are in the mailbox, see <see cref="LoopMailbox.BytesOf"/>.</summary>
internal readonly record struct LoopItem(LoopItemKind Kind, UdpEndpoint? Endpoint, TransportAddress Remote, int Offset, int Length, PacketizedFrame? Frame, Action? Work);

internal enum LoopItemKind
{
    Datagram,
    Frame,
    Work,
}

/// <summary>
/// Hand-over from other threads to the one loop that owns all sessions. Datagrams are bounded (the newest is dropped, as a full socket
/// buffer would); frames are bounded by their makers; work is rare. What was taken is the taker's until it comes again. The datagrams'
/// bytes lie side by side in one buffer, so that the checks and reports of hundreds of viewers at once need no new one.
/// </summary>
internal sealed class LoopMailbox
{
    private const int MaxDatagrams = 8192;
    private const int FirstBytes = 65_536;
    private const int MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private readonly object _gate = new();
    private bool _signaled;
    private bool _woken;
    private List<LoopItem> _filling = new(256);
    private List<LoopItem> _draining = new(256);
    private byte[] _fillingBytes = GC.AllocateUninitializedArray<byte>(FirstBytes);
    private byte[] _drainingBytes = GC.AllocateUninitializedArray<byte>(FirstBytes);
    private int _datagrams;
    private int _used;

    public long DatagramsDropped { get; private set; }

    /// <param name="endpoint">The socket that it came to.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="datagram">Copied.</param>
    public void PostDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_datagrams >= MaxDatagrams || !EnsureRoom(datagram.Length))
            {
                DatagramsDropped++;
                return;
            }

            datagram.CopyTo(_fillingBytes.AsSpan(_used));
            _filling.Add(new LoopItem(LoopItemKind.Datagram, endpoint, remote, _used, datagram.Length, null, null));
            _used += datagram.Length;
            _datagrams++;
            Signal();
        }
    }

    public void PostFrame(PacketizedFrame frame) => Post(new LoopItem(LoopItemKind.Frame, null, default, 0, 0, frame, null));

    public void PostWork(Action work) => Post(new LoopItem(LoopItemKind.Work, null, default, 0, 0, null, work));

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
            _draining.Clear();
            (_filling, _draining) = (_draining, _filling);
            (_fillingBytes, _drainingBytes) = (_drainingBytes, _fillingBytes);
            _datagrams = _used = 0;
            return _draining;
        }
    }

    /// <summary>For the taker: the bytes of a datagram that it took last; they may be changed.</summary>
    public Span<byte> BytesOf(in LoopItem datagram) => _drainingBytes.AsSpan(datagram.Offset, datagram.Length);

    private bool EnsureRoom(int length)
    {
        var needed = _used + length;
        if (needed > MaxBytes)
        {
            return false;
        }

        if (needed > _fillingBytes.Length)
        {
            Array.Resize(ref _fillingBytes, Math.Min(MaxBytes, Math.Max(needed, 2 * _fillingBytes.Length)));
        }

        return true;
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
