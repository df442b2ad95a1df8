using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Broadcasting;

/// <summary>Answers what viewers say in signaling, and keeps the registry of viewers in step with their sessions.</summary>
internal sealed partial class ViewerNegotiator : IDisposable
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<string, string> _transportNames = new(StringComparer.Ordinal);
    private readonly DtlsHandshakePool _handshakes = new();
    private readonly DtlsCertificate _certificate;
    private readonly BroadcastContext _context;
    private readonly SessionLoop _loop;
    private readonly Action _requestKeyFrame;
    private readonly EventDispatcher _events;
    private readonly CameraAnnouncer _camera;
    private readonly ILogger _logger;
    private volatile TaskCompletionSource? _allGone;

    public ViewerNegotiator(
        BroadcastContext context, SessionLoop loop, Action requestKeyFrame, EventDispatcher events, CameraAnnouncer camera, ILogger logger)
    {
        (_context, _loop, _requestKeyFrame, _events, _camera, _logger) = (context, loop, requestKeyFrame, events, camera, logger);
        var today = context.TimeProvider.GetUtcNow();
        _certificate = DtlsCertificate.Create(null, today.AddDays(-1), today + CertificateLifetime);
    }

    /// <summary>Where the media sockets are bound; each becomes a host candidate of every answer.</summary>
    public IReadOnlyList<TransportAddress> LocalAddresses { get; set; } = [];

    public async ValueTask HandleAsync(ISignalingTransport transport, SignalingMessage message, CancellationToken cancellationToken)
    {
        if (message.Peer is not { } peer)
        {
            return;
        }

        switch (message)
        {
            case PeerJoinedMessage joined:
                _transportNames[peer] = joined.Transport ?? transport.Name;
                await _camera.TellAsync(transport, peer, cancellationToken);
                break;
            case PeerLeftMessage:
                _transportNames.TryRemove(peer, out _);
                break;
            case OfferMessage offer:
                await AnswerAsync(transport, peer, offer.Sdp, cancellationToken);
                break;
            case CandidateMessage candidate:
                PostToSession(peer, session => session.AddRemoteCandidate(_loop.Now, candidate.Candidate));
                break;
            case EndOfCandidatesMessage:
                PostToSession(peer, session => session.SetRemoteEndOfCandidates(_loop.Now));
                break;
            case RestartMessage:
                // Only viewers offer: what helps one that wants to begin anew is to be asked for an offer.
                await SendAsync(transport, new RestartMessage { Peer = peer }, cancellationToken);
                break;
            case ByeMessage bye when _context.Viewers.Find(peer) is { } viewer:
                Close(viewer, CloseReasons.FromPeer(bye.Reason));
                break;
        }
    }

    public void Close(ViewerSession viewer, string reason)
    {
        viewer.LeaveReason ??= reason;
        _loop.Post(() => viewer.Driven?.Session.Close(_loop.Now));
    }

    /// <summary>Closes every session and waits until their goodbyes have been sent.</summary>
    public async Task CloseAllAsync(string reason, CancellationToken cancellationToken)
    {
        var allGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _allGone = allGone;
        foreach (var viewer in _context.Viewers.All)
        {
            Close(viewer, reason);
        }

        _loop.Post(CompleteWhenEmpty);
        await allGone.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask SendAsync(ISignalingTransport transport, SignalingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await transport.SendAsync(message, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The viewer or the server is gone, and with it whoever would have read this.
            LogSendFailed(transport.Name, e.Message);
        }
    }

    public void Dispose() => _handshakes.Dispose();

    private async ValueTask AnswerAsync(ISignalingTransport transport, string peer, string sdp, CancellationToken cancellationToken)
    {
        if (_allGone is not null)
        {
            // The camera is being switched off; the viewer has been told, and whoever is there next gets an offer of its own.
            return;
        }

        var journey = ViewerJourney.Begin(_context.Metrics, peer, transport.Name, _loop.Now);
        if (_context.Viewers.Find(peer) is { } previous)
        {
            // A page that starts over: its old session has no use any more, and must not count against the limit.
            Close(previous, "replaced by a new offer");
            _context.Viewers.Remove(previous);
        }

        if (_context.Viewers.Count >= _context.Options.MaxViewers)
        {
            LogFull(_context.Options.MaxViewers);
            journey.Refused(FailureReasons.Full, "the limit of viewers is reached");
            await SendAsync(transport, new ErrorMessage("P2P2110", $"This camera already has {_context.Options.MaxViewers} viewers, its limit; try again later.") { Peer = peer }, cancellationToken);
            return;
        }

        if (!PeerSession.TryAnswer(CreateSessionOptions(), sdp, _loop.Now, out var session, out var answer, out var error))
        {
            LogOfferRefused(peer, error);
            journey.Refused(FailureReasons.OfferRefused, error);
            await SendAsync(transport, new ErrorMessage("P2P2111", error) { Peer = peer }, cancellationToken);
            return;
        }

        var viewer = new ViewerSession(peer, transport, _transportNames.GetValueOrDefault(peer, transport.Name), _context.TimeProvider.GetUtcNow(), journey);
        viewer.Driven = new DrivenSession(session, e => OnSessionEvent(viewer, e));
        _context.Viewers.Add(viewer);
        journey.Answered(session);
        _loop.Post(() => _loop.Add(viewer.Driven));
        if (_allGone is not null)
        {
            // It began to stop meanwhile, and may have missed this one.
            Close(viewer, "the broadcaster stopped");
            return;
        }

        LogOfferAnswered(peer);
        await SendAsync(transport, new AnswerMessage(answer) { Peer = peer }, cancellationToken);
        await SendAsync(transport, new EndOfCandidatesMessage { Peer = peer }, cancellationToken);
    }

    private PeerSessionOptions CreateSessionOptions() => new()
    {
        Certificate = _certificate,
        HandshakePool = _handshakes,
        LocalAddresses = LocalAddresses,
        ClockOrigin = _loop.ClockOrigin,
        Wake = _loop.Wake,
        ResendHistory = _context.Options.ResendHistory,
    };

    private void PostToSession(string peer, Action<PeerSession> action)
    {
        if (_context.Viewers.Find(peer)?.Driven is { } driven)
        {
            _loop.Post(() => action(driven.Session));
        }
    }

    private void OnSessionEvent(ViewerSession viewer, PeerSessionEvent e)
    {
        viewer.Journey.On(e, _loop.Now);
        switch (e.Kind)
        {
            case PeerSessionEventKind.Connected:
                _context.Viewers.SetState(viewer, ViewerConnectionState.Connected);
                viewer.Announced = true;
                _requestKeyFrame();
                Raise(_context.Joined, viewer);
                break;
            case PeerSessionEventKind.KeyFrameNeeded:
                _requestKeyFrame();
                break;
            case PeerSessionEventKind.Disconnected:
                _context.Viewers.SetState(viewer, ViewerConnectionState.Disconnected);
                break;
            case PeerSessionEventKind.Reconnected:
                _context.Viewers.SetState(viewer, ViewerConnectionState.Connected);
                break;
            case PeerSessionEventKind.Closed:
                OnSessionClosed(viewer, e);
                break;
        }
    }

    private void OnSessionClosed(ViewerSession viewer, PeerSessionEvent e)
    {
        viewer.LeaveReason ??= CloseReasons.Describe(e);
        _context.Viewers.Remove(viewer);
        LogViewerGone(viewer.Id, viewer.LeaveReason);
        if (viewer.TransportName == SignalingNames.Whep)
        {
            // Nothing else would tell the host that this viewer is in the room for nothing: its own requests have no end.
            _ = SendAsync(viewer.Signaling, new ByeMessage(viewer.LeaveReason) { Peer = viewer.Id }, CancellationToken.None).AsTask();
        }

        if (viewer.Announced)
        {
            Raise(_context.Left, viewer);
        }

        CompleteWhenEmpty();
    }

    private void Raise(Action<ViewerInfo> raise, ViewerSession viewer)
    {
        var info = viewer.Describe();
        _events.Post(() => raise(info));
    }

    private void CompleteWhenEmpty()
    {
        if (_context.Viewers.Count == 0)
        {
            _allGone?.TrySetResult();
        }
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Debug, Message = "Viewer {Viewer}: offer answered.")]
    private partial void LogOfferAnswered(string viewer);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "Viewer {Viewer}: offer refused: {Reason}")]
    private partial void LogOfferRefused(string viewer, string reason);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "A viewer was refused: {MaxViewers} are watching, the limit.")]
    private partial void LogFull(int maxViewers);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Information, Message = "Viewer {Viewer} is gone: {Reason}.")]
    private partial void LogViewerGone(string viewer, string reason);

    [LoggerMessage(EventId = 1505, Level = LogLevel.Debug, Message = "Signaling by {Transport}: not sent: {Reason}")]
    private partial void LogSendFailed(string transport, string reason);
}
