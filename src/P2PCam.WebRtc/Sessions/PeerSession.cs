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
internal sealed partial class PeerSession : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // After the last goodbye of a source: one that goes on under another SSRC (RFC 3550 section 8.2) has begun by then.
    private static readonly TimeSpan WaitForAnotherSource = TimeSpan.FromSeconds(2);
    private readonly NegotiatedSession _negotiated;
    private readonly RestartableIce _ice;
    private readonly DtlsEndpoint _dtls;
    private readonly VideoSenderOptions? _sending;
    private readonly IncomingVideo? _receiver;
    private readonly FeedbackReader _feedback;
    private readonly Queue<PeerSessionEvent> _events = new();
    private readonly EarlyPackets _early = new();
    private readonly TimeSpan _connectDeadline;
    private PeerSessionOptions _options;
    private SrtpContext? _inbound;
    private SrtpContext? _outbound;
    private VideoSender? _sender;
    private (TransportAddress Local, TransportAddress Remote)? _dtlsPath;
    private TimeSpan _nextReport = TimeSpan.MaxValue;
    private TimeSpan _lastPolled;
    private long _rejected;
    private bool _goodbyePending;
    private PeerSessionCloseReason _closeReason;
    private bool _keyFrameAsked;
    private int _codecsMissed;
    private bool _pathFound;
    private bool _isSilent;
    private string _remoteUfrag;
    private string _remotePassword;
    private State _state = State.Connecting;

    internal PeerSession(
        PeerSessionOptions options,
        NegotiatedSession negotiated,
        IceAgent ice,
        DtlsEndpoint dtls,
        VideoSenderOptions? sending,
        IncomingVideoOptions? receiving,
        TimeSpan now)
    {
        (_options, _negotiated, _ice, _dtls, _sending) = (options, negotiated, new RestartableIce(ice), dtls, sending);
        (_remoteUfrag, _remotePassword) = (negotiated.Video.RemoteIceUfrag, negotiated.Video.RemoteIcePassword);
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

    /// <summary>Our half of the USERNAME in the peer's checks; finds the session for a check from an address not seen before. Another one after <see cref="PeerSessionEventKind.IceRestarting"/>.</summary>
    public string LocalUfrag => _ice.Newest.LocalUfrag;

    public bool IsConnected => _state == State.Connected;

    /// <summary>What the peer may be sent, the preferred first; empty where nothing is sent.</summary>
    public IReadOnlyList<RtpVideoCodec> SendCodecs => _sending is null ? [] : [.. _sending.Formats.Select(format => format.Codec)];

    /// <summary>What the peer may send, the preferred first; empty where nothing is received.</summary>
    public IReadOnlyList<RtpVideoCodec> ReceiveCodecs => _receiver is null ? [] : [.. _negotiated.Video.Formats.Select(format => format.Codec)];

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            if (_state == State.Closed)
            {
                return TimeSpan.MaxValue;
            }

            // What waits for a path again, after the old one died in a restart, is not due.
            var next = Min(_ice.NextTimeout, _dtls.NextTimeout);
            if (_state == State.Connected && _ice.TryGetSelectedPair(out _, out _))
            {
                next = Min(next, _nextReport);
                next = _receiver is not null ? Min(next, Min(_receiver.NextTimeout, SourcesGoneAt)) : next;
            }

            return _state == State.Connecting ? Min(next, _connectDeadline) : next;
        }
    }

    /// <summary>When a session that receives has nothing more to wait for; <see cref="TimeSpan.MaxValue"/> while it has.</summary>
    private TimeSpan SourcesGoneAt =>
        _receiver?.GoneSince is { } since && since < TimeSpan.MaxValue ? since + WaitForAnotherSource : TimeSpan.MaxValue;

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
            _ice.Newest.AddRemoteCandidate(now, parsed);
        }
    }

    public void SetRemoteEndOfCandidates(TimeSpan now) => _ice.Newest.SetRemoteEndOfCandidates(now);

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

    /// <summary>The simulcast layers that the peer sends, by rid in the order of its offer; empty for a single stream.</summary>
    public IReadOnlyList<string> Layers => _receiver?.Layers ?? [];

    /// <summary>
    /// Which layer frames come from; it takes over at its next key frame. With null, as at the start, it is the one with the most bits among those
    /// that come.
    /// </summary>
    /// <returns>False when the peer sends no such layer.</returns>
    public bool SelectLayer(TimeSpan now, string? rid) => _receiver?.TrySelectLayer(now, rid) ?? rid is null;

    public void HandleTimeout(TimeSpan now)
    {
        if (_state is State.Closed)
        {
            return;
        }

        if (_state == State.Connecting && now >= _connectDeadline)
        {
            BeginClosing(now, PeerSessionCloseReason.ConnectTimeout);
            return;
        }

        if (_state == State.Connected && now >= SourcesGoneAt)
        {
            BeginClosing(now, PeerSessionCloseReason.PeerClosed);
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

        BeginClosing(now, PeerSessionCloseReason.LocalClose);
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
            ReceivedBitrate = _receiver?.GetReceivedRate(_lastPolled) ?? 0,
            EstimatedBitrate = _receiver?.EstimatedBitrate ?? 0,
            ReceivedCodec = _receiver?.Codec,
            ReceivedWidth = _receiver?.Size.Width ?? 0,
            ReceivedHeight = _receiver?.Size.Height ?? 0,
            ReceivedLayer = _receiver?.CurrentLayer,
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

    private NtpTimestamp NtpNow(TimeSpan now) => NtpTimestamp.From(_options.ClockOrigin) + now;
}
