using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Viewing;

/// <summary>What all links of a viewer share, and who wants to hear of them.</summary>
internal sealed record MediaLinkContext
{
    public required ViewerOptions Options { get; init; }

    public required DtlsCertificate Certificate { get; init; }

    public required DtlsHandshakePool Handshakes { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>Called on the link's own thread.</summary>
    public required Action<MediaLink, PeerSessionEvent> OnEvent { get; init; }

    /// <summary>Called on the link's own thread; hands over the frame's buffer.</summary>
    public required Action<MediaLink, ReceivedFrame> OnFrame { get; init; }

    /// <summary>Called once for each link, with its last figures, when it has ended.</summary>
    public required Action<MediaLink, SessionStatistics> OnEnded { get; init; }
}

/// <summary>
/// Sockets, a loop and one session. Each attempt has its own, bound anew, because the reason for an attempt may be that this machine's addresses
/// are others now.
/// </summary>
internal sealed class MediaLink : IMediaLink, IAsyncDisposable
{
    private const int MaxEarlyCandidates = 64;
    private readonly MediaLinkContext _context;
    private readonly SessionLoop _loop;
    private readonly MediaSockets _sockets;
    private readonly PendingOffer _offer;
    private readonly NegotiationTrace _trace;
    private readonly Queue<string> _earlyCandidates = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PeerSession? _session;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _released;

    private MediaLink(MediaLinkContext context, SessionLoop loop, MediaSockets sockets, string mid)
    {
        (_context, _loop, _sockets) = (context, loop, sockets);
        _offer = PendingOffer.Create(
            new PeerSessionOptions
            {
                Certificate = context.Certificate,
                HandshakePool = context.Handshakes,
                LocalAddresses = sockets.Locals,
                ClockOrigin = _loop.ClockOrigin,
                Wake = _loop.Wake,
                ConnectTimeout = context.Options.ConnectTimeout,
                Codecs = [.. context.Options.Codecs.Distinct().Select(codec => codec.ToRtp())],
            },
            _loop.Now,
            mid);
        _trace = NegotiationTrace.Offering(context.Options.Stream);
    }

    public string Offer => _offer.Offer;

    /// <summary>Done when nothing of it is left, after <see cref="Release"/>.</summary>
    public Task Ended => _ended.Task;

    /// <exception cref="P2PException">There is no address to receive at.</exception>
    public static MediaLink Open(MediaLinkContext context, string mid)
    {
        var loop = new SessionLoop(context.TimeProvider, context.LoggerFactory.CreateLogger<SessionLoop>());
        loop.Start([]);
        if (SingleSession.Open(loop, context.Options.MediaAddresses, context.Options.IncludeLoopback, context.TimeProvider) is { } sockets)
        {
            return new MediaLink(context, loop, sockets, mid);
        }

        _ = loop.DisposeAsync().AsTask();
        throw new P2PException("P2P2201", "This machine has no network address to receive video at; connect it to a network, set IncludeLoopback, or correct MediaAddresses.");
    }

    public bool IsForAnotherOffer(string answer) => _offer.IsForAnotherOffer(answer);

    public bool TryAccept(string answer, out string error)
    {
        if (!_offer.TryAccept(_loop.Now, answer, out var session, out error))
        {
            _trace.Fail("answer_unusable", error);
            return false;
        }

        _trace.Add("answer");
        while (_earlyCandidates.TryDequeue(out var candidate))
        {
            session.AddRemoteCandidate(_loop.Now, candidate);
        }

        _session = session;
        var driven = new DrivenSession(session, OnEvent, frame => _context.OnFrame(this, frame));
        _loop.Post(() => _loop.Add(driven));
        return true;
    }

    public void AddCandidate(string candidate)
    {
        if (_session is { } session)
        {
            _loop.Post(() => session.AddRemoteCandidate(_loop.Now, candidate));
        }
        else if (_earlyCandidates.Count < MaxEarlyCandidates)
        {
            _earlyCandidates.Enqueue(candidate);
        }
    }

    public void SetEndOfCandidates()
    {
        if (_session is { } session)
        {
            _loop.Post(() => session.SetRemoteEndOfCandidates(_loop.Now));
        }
    }

    public void RequestKeyFrame()
    {
        if (_session is { } session)
        {
            _loop.Post(() => session.RequestKeyFrame(_loop.Now));
        }
    }

    public SessionStatistics GetStatistics() => _session is { } session ? _loop.Snapshot(session.GetStatistics) : default;

    // Elsewhere than on the caller's thread, which may be the loop's own.
    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _trace.Fail(FailureReasons.Abandoned, "given up before it was connected");
            Task.Run(EndAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await Ended;
    }

    private async Task EndAsync()
    {
        try
        {
            await SingleSession.EndAsync(_loop, _sockets, _session, _closed.Task);
            _context.OnEnded(this, GetStatistics());
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void OnEvent(PeerSessionEvent e)
    {
        _trace.On(e);
        if (e.Kind == PeerSessionEventKind.Closed)
        {
            _closed.TrySetResult();
        }

        _context.OnEvent(this, e);
    }
}
