#pragma warning disable RS0030 // Dtls/ is the engine's one place with threads: BouncyCastle's handshakes block.

using Org.BouncyCastle.Tls;
using P2PCam.WebRtc.Dtls.Records;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// Where loop and handshake thread meet: datagrams in, datagrams out, the time, the outcome. Everything in here is under one lock, and
/// it is the only thing that both touch. Once the handshake is over, the loop alone is left (<see cref="Pump"/>).
/// </summary>
/// <remarks>
/// The handshake lives in the caller's time. BouncyCastle reads a clock of its own for resending, so it is told to resend after
/// a millisecond, and is kept waiting here until the caller's `now` says so; what comes in meanwhile was filtered, so each datagram
/// moves the handshake on. In a simulation, whose time may run ahead of the clock, those few real milliseconds are waited out.
/// </remarks>
internal sealed class HandshakeLink(TimeSpan initialResend, int mtu, Action? wake) : DatagramTransport
{
    public const int LibraryResendMilliseconds = 1;
    private const int MaxOutbox = 64;
    private const int ReceiveLimit = 2048;
    private const int RealLimitMilliseconds = 60_000;

    private readonly TimeSpan _initialResend = initialResend;
    private readonly object _gate = new();
    private readonly Lock _waking = new();
    private readonly Queue<byte[]> _outbox = new();
    private readonly byte[] _datagram = new byte[mtu];
    private int _datagramLength;
    private TimeSpan _now;
    private TimeSpan? _resendAt;
    private TimeSpan _resendAfter = initialResend;
    private bool _discarding;
    private bool _sentAnything;
    private bool _owesResend;
    private bool _pumping;
    private bool _running;
    private bool _blocked;
    private volatile bool _aborted;

    /// <summary>What came in and is not read yet; touched under the lock only.</summary>
    public required HandshakeInbox Inbox { private get; init; }

    /// <summary>When the caller has to tell the time again; null while there is nothing to resend, or it is being resent.</summary>
    public TimeSpan? ResendAt
    {
        get
        {
            lock (_gate)
            {
                return _running && _now < _resendAt ? _resendAt : null;
            }
        }
    }

    public bool IsAborted => _aborted;

    /// <summary>Loop, after the handshake: whether there is something that <see cref="Pump"/> could read. Forgeries go here.</summary>
    public bool HasInput()
    {
        lock (_gate)
        {
            return Inbox.HasInput();
        }
    }

    /// <summary>Loop: the time, and what came in.</summary>
    public void Push(TimeSpan now, Queue<InboundRecord> records)
    {
        lock (_gate)
        {
            _now = now;
            if (records.Count == 0 && !(now >= _resendAt))
            {
                return;
            }

            while (records.TryDequeue(out var record))
            {
                Inbox.Add(record);
            }

            _blocked = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Loop: the next datagram to send.</summary>
    public bool TryTakeOutput(Span<byte> buffer, out int length)
    {
        lock (_gate)
        {
            length = 0;
            if (!_outbox.TryDequeue(out var datagram))
            {
                return false;
            }

            length = datagram.Length;
            datagram.CopyTo(buffer);
            return true;
        }
    }

    /// <summary>Loop: the handshake has been given to a thread.</summary>
    public void Started()
    {
        lock (_gate)
        {
            _running = true;
        }
    }

    /// <summary>Loop: ends the handshake as soon as it looks for input. Nobody is woken any more once this returns.</summary>
    public void Abort()
    {
        lock (_waking)
        {
            _aborted = true;
        }

        lock (_gate)
        {
            _blocked = false;
            _outbox.Clear();
            _datagramLength = 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Handshake thread: <paramref name="publish"/> makes the outcome visible to the loop, which is then woken.</summary>
    public void Finish(Action publish)
    {
        lock (_gate)
        {
            Flush();
            publish();
            _running = false;
            Monitor.PulseAll(_gate);
        }

        Wake();
    }

    /// <summary>Loop, after the handshake: lets the library read all that came in, without waiting.</summary>
    public void Pump(Action<DatagramTransport> receive)
    {
        lock (_gate)
        {
            _pumping = true;
            try
            {
                receive(this);
            }
            finally
            {
                Flush();
            }
        }
    }

    /// <summary>
    /// For a test that drives the time: true once the handshake can do nothing more without new input or a later time.
    /// The limit is in real time.
    /// </summary>
    public bool WaitUntilQuiescent(TimeSpan realLimit)
    {
        var end = Environment.TickCount64 + (long)realLimit.TotalMilliseconds;
        lock (_gate)
        {
            while (_running && !_blocked)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public int GetReceiveLimit() => ReceiveLimit;

    public int GetSendLimit() => mtu;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    /// <summary>Handshake thread: waits for a record, in the caller's time; -1 when it is time to send the last flight again.</summary>
    public int Receive(Span<byte> buffer, int waitMillis)
    {
        var entered = Environment.TickCount64;
        var announced = false;
        while (true)
        {
            lock (_gate)
            {
                _discarding = false;
                Flush();
                if (Take(buffer) is var length && (length > 0 || _pumping))
                {
                    return length;
                }

                if (_sentAnything && !_owesResend)
                {
                    _resendAt ??= _now + _resendAfter;
                    if (_now >= _resendAt)
                    {
                        _resendAt = null;
                        _resendAfter *= 2;
                        _owesResend = true;
                    }
                }

                if (_owesResend)
                {
                    WaitOut(entered + waitMillis + 1);
                    return -1;
                }

                if (announced)
                {
                    Block();
                }
            }

            if (!announced)
            {
                Wake();
                announced = true;
            }
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    /// <summary>Handshake thread, or loop when pumping: collects records into datagrams as full as the MTU allows.</summary>
    public void Send(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            _sentAnything = true;
            _owesResend = false;
            if (_discarding || _aborted || buffer.Length > mtu)
            {
                return;
            }

            if (_datagramLength + buffer.Length > mtu)
            {
                Flush();
            }

            buffer.CopyTo(_datagram.AsSpan(_datagramLength));
            _datagramLength += buffer.Length;
        }
    }

    /// <summary>Nothing to do: the transport below is not the handshake's.</summary>
    public void Close()
    {
    }

    private void Wake()
    {
        lock (_waking)
        {
            if (!_aborted)
            {
                wake?.Invoke();
            }
        }
    }

    private void Flush()
    {
        if (_datagramLength > 0 && _outbox.Count < MaxOutbox)
        {
            _outbox.Enqueue(_datagram.AsSpan(0, _datagramLength).ToArray());
        }

        _datagramLength = 0;
    }

    private void Block()
    {
        ThrowIfAborted();
        _blocked = true;
        Monitor.PulseAll(_gate);

        // Whoever forgets to dispose an endpoint gets the thread back all the same.
        if (!Monitor.Wait(_gate, RealLimitMilliseconds))
        {
            _aborted = true;
        }

        _blocked = false;
        ThrowIfAborted();
    }

    // The library compares with its own clock before it resends, and so does this.
    private void WaitOut(long until)
    {
        for (var left = until - Environment.TickCount64; left > 0; left = until - Environment.TickCount64)
        {
            ThrowIfAborted();
            Monitor.Wait(_gate, (int)left);
        }

        ThrowIfAborted();
    }

    private int Take(Span<byte> buffer)
    {
        var kind = Inbox.Take(buffer, out var length);
        if (kind == InboxItem.Progress)
        {
            _resendAfter = _initialResend;
            _resendAt = null;
        }

        // The library takes a record without content for a reason to send its flight again.
        _discarding = kind == InboxItem.CipherChange;
        return length;
    }

    private void ThrowIfAborted()
    {
        if (_aborted)
        {
            throw new TlsTimeoutAbort();
        }
    }

    /// <summary>Leaves the library from within; not an error of the peer's.</summary>
    private sealed class TlsTimeoutAbort : IOException;
}
