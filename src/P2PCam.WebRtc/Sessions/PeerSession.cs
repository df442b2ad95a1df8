using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sending;
using P2PCam.WebRtc.Srtp;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>
/// Everything between this host and one peer: ICE finds the path, DTLS agrees on keys, SRTP carries the video, out or in. A state machine without
/// clock, socket or thread: bytes, frames and the time go in; after each call drain <see cref="PollTransmit"/> and <see cref="PollEvent"/>,
/// and come back at <see cref="NextTimeout"/>.
/// </summary>
internal sealed class PeerSession : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
    private readonly PeerSessionOptions _options;
    private readonly IceAgent _ice;
    private readonly DtlsEndpoint _dtls;
    private readonly VideoSenderOptions? _sending;
    private readonly IncomingVideo? _receiver;
    private readonly FeedbackReader _feedback;
    private readonly Queue<PeerSessionEvent> _events = new();
    private readonly EarlyPackets _early = new();
    private readonly TimeSpan _connectDeadline;
    private SrtpContext? _inbound;
    private SrtpContext? _outbound;
    private VideoSender? _sender;
    private (TransportAddress Local, TransportAddress Remote)? _dtlsPath;
    private TimeSpan _nextReport = TimeSpan.MaxValue;
    private long _rejected;
    private bool _goodbyePending;
    private bool _keyFrameAsked;
    private int _codecsMissed;
    private bool _pathFound;
    private State _state = State.Connecting;

    internal PeerSession(
        PeerSessionOptions options, IceAgent ice, DtlsEndpoint dtls, VideoSenderOptions? sending, IncomingVideoOptions? receiving, TimeSpan now)
    {
        (_options, _ice, _dtls, _sending) = (options, ice, dtls, sending);
        _receiver = receiving is null ? null : new IncomingVideo(receiving);
        _feedback = new FeedbackReader(sending?.Ssrc ?? 0);
        _connectDeadline = now + options.ConnectTimeout;
    }

    private enum State
    {
        Connecting,
        Connected,
        Closing,
        Closed,
    }

    /// <summary>Our half of the USERNAME in the peer's checks; finds the session for a check from an address not seen before.</summary>
    public string LocalUfrag => _ice.LocalUfrag;

    public bool IsConnected => _state == State.Connected;

    /// <summary>What the peer may be sent, the preferred first; empty where nothing is sent.</summary>
    public IReadOnlyList<RtpVideoCodec> SendCodecs => _sending is null ? [] : [.. _sending.Formats.Select(format => format.Codec)];

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            if (_state == State.Closed)
            {
                return TimeSpan.MaxValue;
            }

            var next = Min(Min(_ice.NextTimeout, _dtls.NextTimeout), _nextReport);
            next = _state == State.Connected && _receiver is not null ? Min(next, _receiver.NextTimeout) : next;
            return _state == State.Connecting ? Min(next, _connectDeadline) : next;
        }
    }

    /// <summary>Makes a session from a viewer's offer, or from a publisher's when the direction is to receive; on failure <paramref name="error"/> says in words what the offer lacks.</summary>
    public static bool TryAnswer(PeerSessionOptions options, string offer, TimeSpan now, out PeerSession session, out string answer, out string error) =>
        PeerSessionNegotiation.TryAnswer(options, offer, now, out session, out answer, out error);

    /// <summary>Whether an authenticated check came from there, so that other datagrams from there may be taken.</summary>
    public bool IsAuthenticatedPair(in TransportAddress local, in TransportAddress remote) => _ice.IsAuthenticatedPair(local, remote);

    /// <summary>Takes a trickled candidate; what is not usable (names, TCP, garbage) is ignored, as RFC 8838 wants.</summary>
    public void AddRemoteCandidate(TimeSpan now, string candidate)
    {
        if (IceCandidateText.TryParse(candidate, out var parsed))
        {
            _ice.AddRemoteCandidate(now, parsed);
        }
    }

    public void SetRemoteEndOfCandidates(TimeSpan now) => _ice.SetRemoteEndOfCandidates(now);

    /// <summary>Takes one datagram; false when it is not this session's. The bytes may be changed (decrypted in place).</summary>
    public bool HandleDatagram(TimeSpan now, in TransportAddress local, in TransportAddress remote, Span<byte> datagram)
    {
        if (_state is State.Closing or State.Closed)
        {
            return false;
        }

        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                var outcome = _ice.HandleDatagram(now, local, remote, datagram);
                StartDtlsWhenAuthenticated(now, local, remote);
                DrainIce();
                return outcome is not StunOutcome.UnknownTransaction;
            case DatagramKind.Dtls when _ice.IsAuthenticatedPair(local, remote):
                _dtlsPath = (local, remote);
                _dtls.HandleDatagram(now, datagram);
                DrainDtls();
                return true;
            case DatagramKind.Rtp when _inbound is not null && _receiver is not null && _ice.IsAuthenticatedPair(local, remote):
                HandleRtp(now, datagram);
                return true;
            case DatagramKind.Rtp when _state == State.Connecting && _receiver is not null && _ice.IsAuthenticatedPair(local, remote):
                _early.Add(now, datagram);
                return true;
            case DatagramKind.Rtcp when _inbound is not null && _ice.IsAuthenticatedPair(local, remote):
                HandleRtcp(now, datagram);
                return true;
            default:
                _rejected++;
                return false;
        }
    }

    /// <summary>Takes a frame for this viewer; before the session is connected frames pass it by.</summary>
    public void SendFrame(TimeSpan now, PacketizedFrame frame)
    {
        if (_sender is null || _state != State.Connected)
        {
            return;
        }

        if (!_sender.CanSend(frame.Codec))
        {
            var bit = 1 << (int)frame.Codec;
            if ((_codecsMissed & bit) == 0)
            {
                _codecsMissed |= bit;
                _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.CodecMissing, Detail: RtpVideoCodecNames.Of(frame.Codec)));
            }

            return;
        }

        _sender.Enqueue(frame);
        if (!_sender.WaitsForKeyFrame)
        {
            _keyFrameAsked = false;
            if (_nextReport == TimeSpan.MaxValue)
            {
                _nextReport = now;
                _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.FirstFrameSent));
            }
        }
        else if (!_keyFrameAsked)
        {
            _keyFrameAsked = true;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeyFrameNeeded));
        }
    }

    /// <summary>As a receiver: whoever decodes cannot go on before a key frame, which is asked for until it comes.</summary>
    public void RequestKeyFrame(TimeSpan now) => _receiver?.RequestKeyFrame(now);

    public void HandleTimeout(TimeSpan now)
    {
        if (_state is State.Closed)
        {
            return;
        }

        if (_state == State.Connecting && now >= _connectDeadline)
        {
            End(PeerSessionCloseReason.ConnectTimeout, null);
            return;
        }

        _ice.HandleTimeout(now);
        DrainIce();
        _dtls.HandleTimeout(now);
        DrainDtls();
    }

    /// <summary>Says goodbye (BYE, close_notify) and ends; the goodbyes are in the next polls.</summary>
    public void Close(TimeSpan now)
    {
        if (_state is State.Closing or State.Closed)
        {
            return;
        }

        _goodbyePending = _sender is not null;
        _state = State.Closing;
        _dtls.Close(now);
    }

    /// <summary>Writes the next datagrams into <paramref name="buffer"/> (at least 2,048 bytes; 65,536 for whole frames); false when nothing is to be sent.</summary>
    public bool PollTransmit(TimeSpan now, Span<byte> buffer, out Transmit transmit)
    {
        DrainDtls();
        if (_state != State.Closing && _ice.PollTransmit(buffer, out var length, out var local, out var remote))
        {
            transmit = new Transmit(local, remote, length, length);
            return true;
        }

        if (TryGetPath(out local, out remote))
        {
            if (TryFillSecured(now, buffer, out length, out var segmentSize))
            {
                transmit = new Transmit(local, remote, length, segmentSize);
                return true;
            }
        }

        if (_state == State.Closing)
        {
            End(PeerSessionCloseReason.LocalClose, null);
        }

        transmit = default;
        return false;
    }

    /// <summary>The next received frame, in order; the caller returns its buffer to the shared array pool.</summary>
    public bool PollFrame(out ReceivedFrame frame)
    {
        frame = default;
        return _receiver is not null && _receiver.PollFrame(out frame);
    }

    public bool PollEvent(out PeerSessionEvent e) => _events.TryDequeue(out e);

    /// <summary>For tests in virtual time: waits until no handshake thread is busy with this session.</summary>
    internal bool WaitUntilQuiescent(TimeSpan realLimit) => _dtls.WaitUntilQuiescent(realLimit);

    public SessionStatistics GetStatistics()
    {
        var counters = _sender?.Counters;
        return new SessionStatistics
        {
            Remote = TryGetPath(out _, out var remote) ? remote : null,
            FramesSent = counters?.FramesSent ?? 0,
            FramesDropped = counters?.FramesDropped ?? 0,
            PacketsSent = counters?.PacketsSent ?? 0,
            PacketsResent = counters?.PacketsResent ?? 0,
            NackedPackets = counters?.NackedPackets ?? 0,
            BytesSent = counters?.BytesSent ?? 0,
            KeyFrameRequests = _feedback.KeyFrameRequests,
            RoundTripTime = _feedback.RoundTripTime ?? _ice.RoundTripTime,
            LossRate = _feedback.LossRate,
            Received = _receiver?.Counters ?? default,
            Rejected = _rejected,
        };
    }

    public void Dispose()
    {
        _state = State.Closed;
        _dtls.Dispose();
        _sender?.Dispose();
        _receiver?.Dispose();
        _early.Clear();
        _outbound?.Dispose();
        _inbound?.Dispose();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private bool TryFillSecured(TimeSpan now, Span<byte> buffer, out int length, out int segmentSize)
    {
        segmentSize = 0;
        if (_goodbyePending)
        {
            _goodbyePending = false;
            length = segmentSize = _sender!.WriteGoodbye(now, NtpNow(now), buffer);
            return true;
        }

        if (_dtls.PollTransmit(buffer, out length))
        {
            segmentSize = length;
            return true;
        }

        if (_state != State.Connected)
        {
            return false;
        }

        if (_receiver is not null && _receiver.PollFeedback(now, _ice.RoundTripTime, buffer, out length))
        {
            length = segmentSize = _outbound!.ProtectRtcp(buffer, length);
            return true;
        }

        if (_sender is null)
        {
            return false;
        }

        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            length = segmentSize = _sender.WriteReport(now, NtpNow(now), buffer);
            if (length > 0)
            {
                return true;
            }
        }

        return _sender.TryFill(now, _feedback.RoundTripTime ?? _ice.RoundTripTime, buffer, out length, out segmentSize);
    }

    // Media and DTLS go where ICE says. Before a pair is selected, the handshake is answered on the path that its datagrams came by,
    // which an authenticated check has opened (RFC 8445 section 12).
    private bool TryGetPath(out TransportAddress local, out TransportAddress remote)
    {
        if (_ice.TryGetSelectedPair(out local, out remote))
        {
            return true;
        }

        (local, remote) = _dtlsPath ?? default;
        return _dtlsPath is not null;
    }

    private void StartDtlsWhenAuthenticated(TimeSpan now, in TransportAddress local, in TransportAddress remote)
    {
        if (_dtls.State == DtlsState.New && _ice.IsAuthenticatedPair(local, remote))
        {
            _dtls.Start(now);
        }
    }

    private void HandleRtcp(TimeSpan now, Span<byte> datagram)
    {
        if (_inbound!.UnprotectRtcp(datagram, out var length) != SrtpResult.Ok)
        {
            _rejected++;
            return;
        }

        if (_sender is not null && _feedback.Read(datagram[..length], NtpNow(now), _sender))
        {
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeyFrameNeeded));
        }

        if (_receiver is not null)
        {
            ReadSenderReports(now, datagram[..length]);
        }
    }

    private void HandleRtp(TimeSpan now, Span<byte> datagram)
    {
        if (_inbound!.UnprotectRtp(datagram, out var length) == SrtpResult.Ok)
        {
            _receiver!.HandleRtp(now, datagram[..length]);
        }
        else
        {
            _rejected++;
        }
    }

    private void ReadSenderReports(TimeSpan now, ReadOnlySpan<byte> rtcp)
    {
        var reader = new RtcpCompoundReader(rtcp);
        while (reader.MoveNext())
        {
            if (reader.Current.Kind == RtcpPacketKind.SenderReport && SenderReport.TryParse(reader.Current, out var report))
            {
                _receiver!.HandleSenderReport(now, report.SenderSsrc, report.NtpTime);
            }
            else if (reader.Current.Kind == RtcpPacketKind.Goodbye)
            {
                End(PeerSessionCloseReason.PeerClosed, null);
            }
        }
    }

    private void DrainIce()
    {
        ConnectWhenReady();
        while (_ice.PollEvent(out var e))
        {
            if (e.Kind != IceEventKind.StateChanged || _state is State.Closing or State.Closed)
            {
                continue;
            }

            switch (e.State)
            {
                case IceState.Disconnected when _state == State.Connected:
                    _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Disconnected));
                    break;
                case IceState.Connected when _state == State.Connected:
                    _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Reconnected));
                    break;
                case IceState.Failed:
                    End(_state == State.Connected ? PeerSessionCloseReason.ConsentExpired : PeerSessionCloseReason.IceFailed, null);
                    break;
            }
        }
    }

    private void DrainDtls()
    {
        while (_dtls.PollEvent(out var e))
        {
            if (_state is State.Closing or State.Closed)
            {
                continue;
            }

            switch (e.Kind)
            {
                case DtlsEventKind.Connected:
                    OnKeysAgreed(e.Keys!);
                    break;
                case DtlsEventKind.Failed:
                    End(e.Failure == DtlsFailure.FingerprintMismatch ? PeerSessionCloseReason.FingerprintMismatch : PeerSessionCloseReason.DtlsFailed, e.Text);
                    break;
                case DtlsEventKind.Closed:
                    End(PeerSessionCloseReason.PeerClosed, null);
                    break;
            }
        }
    }

    private void OnKeysAgreed(DtlsSrtpKeys keys)
    {
        _outbound = keys.CreateSender();
        _sender = _sending is null ? null : new VideoSender(_sending, _outbound);
        _inbound = keys.CreateReceiver();
        keys.Dispose();
        _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeysAgreed));
        _early.Replay(HandleRtp);
        ConnectWhenReady();
    }

    // Keys alone are not enough: the peer may have checked us, and yet our own checks never came back. Media needs its consent (RFC 7675).
    private void ConnectWhenReady()
    {
        if (_state != State.Connecting || !_ice.TryGetSelectedPair(out _, out _))
        {
            return;
        }

        if (!_pathFound)
        {
            _pathFound = true;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.PathFound));
        }

        if (_inbound is not null)
        {
            _state = State.Connected;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Connected));
        }
    }

    private void End(PeerSessionCloseReason reason, string? detail)
    {
        _state = State.Closed;
        _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Closed, reason, detail));
    }

    private NtpTimestamp NtpNow(TimeSpan now) => NtpTimestamp.From(_options.ClockOrigin) + now;
}
