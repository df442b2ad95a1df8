using Org.BouncyCastle.Tls;
using P2PCam.WebRtc.Dtls.Peers;
using P2PCam.WebRtc.Dtls.Records;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// One DTLS 1.2 association for SRTP (RFC 5764), as client or server. Feed it datagrams and the time, then drain datagrams and events.
/// One loop owns it; the handshake itself runs on a thread of the pool and calls <c>wake</c> from there when there is something to
/// poll (and when <see cref="NextTimeout"/> changed). Give it datagrams of a validated ICE pair only.
/// </summary>
internal sealed class DtlsEndpoint : IDisposable
{
    private const int MaxPumpsPerSecond = 20;
    private static readonly TimeSpan AlertPatience = TimeSpan.FromSeconds(1);

    private readonly DtlsOptions _options;
    private readonly DtlsHandshakePool _pool;
    private readonly HandshakeLink _link;
    private readonly DtlsHandshake _handshake;
    private readonly InboundFilter _filter;
    private readonly Queue<InboundRecord> _records = new();
    private readonly Queue<DtlsEvent> _events = new();
    private readonly byte[] _sink = new byte[64];
    private DtlsTransport? _transport;
    private DtlsState _state;
    private TimeSpan _now;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private TimeSpan _pumpEpoch;
    private int _pumps;
    private bool _submitted;
    private bool _alerted;

    /// <param name="options">What to negotiate, with whom, within which limits.</param>
    /// <param name="pool">Where the handshake runs.</param>
    /// <param name="wake">Called from a handshake thread when there is something to poll; must not block.</param>
    public DtlsEndpoint(DtlsOptions options, DtlsHandshakePool pool, Action? wake)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Mtu, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Mtu, 1500);
        _options = options;
        _pool = pool;
        var negotiation = new DtlsNegotiation(options);
        _link = new HandshakeLink(options.InitialResend, options.Mtu, wake) { Inbox = new HandshakeInbox(negotiation.IsGenuine) };
        _handshake = new DtlsHandshake(options, negotiation, _link);
        _filter = new InboundFilter(options);
    }

    public DtlsState State
    {
        get
        {
            Absorb();
            return _state;
        }
    }

    /// <summary>When <see cref="HandleTimeout"/> is due; <see cref="TimeSpan.MaxValue"/> if never.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            Absorb();
            return _state == DtlsState.Handshaking && _link.ResendAt is { } resendAt && resendAt < _deadline ? resendAt : _deadline;
        }
    }

    /// <summary>Bytes that were dropped as no part of this association.</summary>
    public long IgnoredBytes => _filter.IgnoredBytes;

    /// <summary>Sends the ClientHello, or starts to wait for one.</summary>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    public void Start(TimeSpan now)
    {
        if (_state != DtlsState.New)
        {
            throw new InvalidOperationException($"A DTLS endpoint starts once; this one is {_state}.");
        }

        _now = now;
        _state = DtlsState.Handshaking;
        _deadline = now + _options.HandshakeLimit;
        if (_options.Role == DtlsRole.Client)
        {
            Submit();
        }
    }

    /// <summary>Takes a datagram from the peer; it is copied if needed.</summary>
    public void HandleDatagram(TimeSpan now, ReadOnlySpan<byte> datagram)
    {
        Absorb();
        _now = now;
        if (_state is not (DtlsState.Handshaking or DtlsState.Connected))
        {
            return;
        }

        _filter.Accept(now, datagram, _records);
        if (_state == DtlsState.Connected)
        {
            _link.Push(now, _records);
            PumpIfAny();
            return;
        }

        if (_filter.Failure != DtlsFailure.None)
        {
            Fail(_filter.Failure, "The peer's handshake messages exceed a limit.");
            return;
        }

        ShortenAfterAlert(now);
        if (!_submitted && _records.Count > 0 && _options.Role == DtlsRole.Server)
        {
            // A server takes a thread only now that a whole message is here; encrypted records before it are no such thing.
            while (_records.TryPeek(out var record) && record.IsEncrypted)
            {
                _records.Dequeue();
            }

            if (_records.Count == 0 || !Submit())
            {
                return;
            }
        }

        _link.Push(now, _records);
    }

    /// <summary>Tells the time: flights are sent again, or the handshake is given up.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        Absorb();
        _now = now;
        if (_state != DtlsState.Handshaking)
        {
            return;
        }

        if (now < _deadline)
        {
            _link.Push(now, _records);
        }
        else if (_alerted)
        {
            Fail(DtlsFailure.PeerAlert, $"The peer ended the handshake: {AlertDescription.GetText((short)_filter.UnprotectedAlert)}.");
        }
        else
        {
            Fail(DtlsFailure.Timeout, $"The handshake was not over after {_options.HandshakeLimit.TotalSeconds} s.");
        }
    }

    /// <summary>The next datagram to send, into a buffer of at least <see cref="DtlsOptions.Mtu"/> bytes.</summary>
    public bool PollTransmit(Span<byte> buffer, out int length)
    {
        if (buffer.Length < _options.Mtu)
        {
            throw new ArgumentException($"A DTLS datagram has up to {_options.Mtu} bytes; the buffer has {buffer.Length}.", nameof(buffer));
        }

        Absorb();
        return _link.TryTakeOutput(buffer, out length);
    }

    public bool PollEvent(out DtlsEvent e)
    {
        Absorb();
        return _events.TryDequeue(out e);
    }

    /// <summary>Ends the association; close_notify is then to be polled, if there was one. Again: nothing.</summary>
    public void Close(TimeSpan now)
    {
        Absorb();
        _now = now;
        if (_state == DtlsState.Connected)
        {
            _link.Pump(_ => _transport!.Close());
        }
        else
        {
            _link.Abort();
        }

        if (_state != DtlsState.Failed)
        {
            _state = DtlsState.Closed;
        }

        _deadline = TimeSpan.MaxValue;
    }

    /// <summary>Ends everything without a word, and overwrites keys that nobody took.</summary>
    public void Dispose()
    {
        Absorb();
        _link.Abort();
        _state = _state == DtlsState.Failed ? DtlsState.Failed : DtlsState.Closed;
        _deadline = TimeSpan.MaxValue;
        while (_events.TryDequeue(out var e))
        {
            e.Keys?.Dispose();
        }

        // A handshake that is still running cleans up after itself when it ends.
        if (!_submitted || _handshake.IsOver)
        {
            if (_transport is null)
            {
                _handshake.Negotiation.Keys?.Dispose();
            }

            _handshake.Negotiation.Dispose();
        }
    }

    /// <summary>For a test that drives the time; see <see cref="HandshakeLink.WaitUntilQuiescent"/>.</summary>
    internal bool WaitUntilQuiescent(TimeSpan realLimit) => _link.WaitUntilQuiescent(realLimit);

    private bool Submit()
    {
        _submitted = true;
        _link.Started();
        if (_pool.TrySubmit(_handshake.Run))
        {
            return true;
        }

        Fail(DtlsFailure.Busy, "All handshake threads are busy and the waiting list is full.");
        return false;
    }

    // The handshake thread is done: what it made is the loop's from here on.
    private void Absorb()
    {
        if (_state != DtlsState.Handshaking || !_handshake.IsOver)
        {
            return;
        }

        var negotiation = _handshake.Negotiation;
        _transport = _handshake.Transport;
        if (_transport is null || negotiation.Keys is null)
        {
            Fail(negotiation.Failure, negotiation.Text, abort: false);
            return;
        }

        _state = DtlsState.Connected;
        _deadline = TimeSpan.MaxValue;
        _events.Enqueue(new DtlsEvent(DtlsEventKind.Connected, negotiation.Keys));
        PumpIfAny();
    }

    // A fatal alert before encryption may be anyone's, so it only shortens the wait for something better.
    private void ShortenAfterAlert(TimeSpan now)
    {
        if (_filter.UnprotectedAlert >= 0 && !_alerted)
        {
            _alerted = true;
            _deadline = now + AlertPatience < _deadline ? now + AlertPatience : _deadline;
        }
    }

    // The last flight again for a peer that repeats its own; close_notify. The library may spin up to a millisecond here, so
    // there are not many turns a second, however many records come.
    private void PumpIfAny()
    {
        if (!_link.HasInput())
        {
            return;
        }

        if (_now - _pumpEpoch >= TimeSpan.FromSeconds(1))
        {
            _pumpEpoch = _now;
            _pumps = 0;
        }

        if (_pumps++ >= MaxPumpsPerSecond)
        {
            return;
        }

        try
        {
            _link.Pump(_ => _transport!.Receive(_sink, 1));
        }
        catch (IOException)
        {
            // A fatal alert: the negotiation has seen it.
        }

        if (_handshake.Negotiation.PeerClosed)
        {
            _state = DtlsState.Closed;
            _events.Enqueue(new DtlsEvent(DtlsEventKind.Closed, Text: _handshake.Negotiation.Text));
        }
    }

    private void Fail(DtlsFailure failure, string text, bool abort = true)
    {
        if (abort)
        {
            _link.Abort();
        }

        _state = DtlsState.Failed;
        _deadline = TimeSpan.MaxValue;
        _records.Clear();
        _events.Enqueue(new DtlsEvent(DtlsEventKind.Failed, Failure: failure, Text: text));
    }
}
