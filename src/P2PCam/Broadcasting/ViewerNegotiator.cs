using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Broadcasting;

/// <summary>Answers what viewers say in signaling, and keeps the registry of viewers in step with their sessions.</summary>
internal sealed partial class ViewerNegotiator(
    BroadcastContext context, SessionLoop loop, OfferAnswerer answerer, VideoPipeline video, EventDispatcher events, CameraAnnouncer camera, ILogger logger)
{
    private readonly ConcurrentDictionary<string, string> _transportNames = new(StringComparer.Ordinal);
    private readonly ILogger _logger = logger;
    private volatile TaskCompletionSource? _allGone;

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
                await camera.TellAsync(transport, peer, cancellationToken);
                break;
            case PeerLeftMessage:
                _transportNames.TryRemove(peer, out _);
                break;
            case OfferMessage offer:
                await AnswerAsync(transport, peer, offer.Sdp, cancellationToken);
                break;
            case CandidateMessage candidate:
                PostToSession(peer, session => session.AddRemoteCandidate(loop.Now, candidate.Candidate));
                break;
            case EndOfCandidatesMessage:
                PostToSession(peer, session => session.SetRemoteEndOfCandidates(loop.Now));
                break;
            case RestartMessage:
                // Only viewers offer: what helps one that wants to begin anew is to be asked for an offer.
                await SendAsync(transport, new RestartMessage { Peer = peer }, cancellationToken);
                break;
            case ByeMessage bye when context.Viewers.Find(peer) is { } viewer:
                Close(viewer, CloseReasons.FromPeer(bye.Reason));
                break;
        }
    }

    public void Close(ViewerSession viewer, string reason)
    {
        viewer.LeaveReason ??= reason;
        loop.Post(() => viewer.Driven?.Session.Close(loop.Now));
    }

    /// <summary>Closes every session and waits until their goodbyes have been sent.</summary>
    public async Task CloseAllAsync(string reason, CancellationToken cancellationToken)
    {
        var allGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _allGone = allGone;
        foreach (var viewer in context.Viewers.All)
        {
            Close(viewer, reason);
        }

        loop.Post(CompleteWhenEmpty);
        await allGone.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Pictures are compressed otherwise now: tells those who cannot decode them.</summary>
    public void TellWhoseCodecIsMissing()
    {
        foreach (var viewer in context.Viewers.All.Where(viewer => viewer.State != ViewerConnectionState.Connecting))
        {
            TellIfCodecIsMissing(viewer);
        }
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
            var why = Words.Sentence(e.Message);
            LogSendFailed(transport.Name, why);
        }
    }

    private async ValueTask AnswerAsync(ISignalingTransport transport, string peer, string sdp, CancellationToken cancellationToken)
    {
        if (_allGone is not null)
        {
            // The camera is being switched off; the viewer has been told, and whoever is there next gets an offer of its own.
            return;
        }

        if (context.Viewers.Find(peer) is { Driven: { } driven } && await RestartAsync(driven, sdp, cancellationToken) is { } restarted)
        {
            await SendAsync(transport, new AnswerMessage(restarted) { Peer = peer }, cancellationToken);
            await SendAsync(transport, new EndOfCandidatesMessage { Peer = peer }, cancellationToken);
            return;
        }

        var journey = ViewerJourney.Begin(context.Metrics, peer, transport.Name, loop.Now);
        if (context.Viewers.Find(peer) is { } previous)
        {
            // A page that starts over: its old session has no use any more, and must not count against the limit.
            Close(previous, "replaced by a new offer");
            context.Viewers.Remove(previous);
        }

        if (context.Viewers.Count >= context.Options.MaxViewers)
        {
            LogFull(context.Options.MaxViewers);
            journey.Refused(FailureReasons.Full, "the limit of viewers is reached");
            await SendAsync(transport, new ErrorMessage("P2P2110", $"This camera already has {context.Options.MaxViewers} viewers, its limit; try again later.") { Peer = peer }, cancellationToken);
            return;
        }

        var transportName = _transportNames.GetValueOrDefault(peer, transport.Name);
        if (!answerer.TryAnswer(sdp, transportName == SignalingNames.Whep, out var session, out var answer, out var refusal))
        {
            LogOfferRefused(peer, Words.Sentence(refusal.Words));
            journey.Refused(refusal.Reason, refusal.Words);
            await SendAsync(transport, new ErrorMessage(refusal.Code, refusal.Words) { Peer = peer }, cancellationToken);
            return;
        }

        var viewer = new ViewerSession(peer, transport, journey)
        {
            TransportName = transportName,
            Since = context.TimeProvider.GetUtcNow(),
            Codecs = [.. session.SendCodecs.Select(codec => codec.ToVideoCodec())],
            StreamCodec = () => video.Codec,
        };
        viewer.Driven = new DrivenSession(session, e => OnSessionEvent(viewer, e));
        context.Viewers.Add(viewer);
        journey.Answered(session);
        loop.Post(() => loop.Add(viewer.Driven));
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

    private void PostToSession(string peer, Action<PeerSession> action)
    {
        if (context.Viewers.Find(peer)?.Driven is { } driven)
        {
            loop.Post(() => action(driven.Session));
        }
    }

    private void OnSessionEvent(ViewerSession viewer, PeerSessionEvent e)
    {
        viewer.Journey.On(e, loop.Now);
        switch (e.Kind)
        {
            case PeerSessionEventKind.Connected:
                context.Viewers.SetState(viewer, ViewerConnectionState.Connected);
                viewer.Announced = true;
                video.RequestKeyFrame();
                Raise(context.Joined, viewer);
                break;
            case PeerSessionEventKind.KeyFrameNeeded:
                video.RequestKeyFrame();
                break;
            case PeerSessionEventKind.CodecMissing:
                TellIfCodecIsMissing(viewer);
                break;
            case PeerSessionEventKind.Disconnected:
                context.Viewers.SetState(viewer, ViewerConnectionState.Disconnected);
                break;
            case PeerSessionEventKind.Reconnected:
                context.Viewers.SetState(viewer, ViewerConnectionState.Connected);
                break;
            case PeerSessionEventKind.Closed:
                OnSessionClosed(viewer, e);
                break;
        }
    }

    private void OnSessionClosed(ViewerSession viewer, PeerSessionEvent e)
    {
        viewer.LeaveReason ??= CloseReasons.Describe(e);
        context.Viewers.Remove(viewer);
        var why = Words.Sentence(viewer.LeaveReason);
        LogViewerGone(viewer.Id, why);
        if (viewer.TransportName == SignalingNames.Whep)
        {
            // Nothing else would tell the host that this viewer is in the room for nothing: its own requests have no end.
            _ = SendAsync(viewer.Signaling, new ByeMessage(viewer.LeaveReason) { Peer = viewer.Id }, CancellationToken.None).AsTask();
        }

        if (viewer.Announced)
        {
            Raise(context.Left, viewer);
        }

        CompleteWhenEmpty();
    }

    // The slate's codec is not worth a word: whoever cannot see the slate hears of the camera's state by signaling.
    private void TellIfCodecIsMissing(ViewerSession viewer)
    {
        var codec = video.Codec;
        if (!video.IsLive || viewer.Codecs.Contains(codec) || !viewer.TryNoteMissing(codec))
        {
            return;
        }

        LogCodecMissing(viewer.Id, codec);
        var error = new ErrorMessage("P2P2112", $"The camera sends {codec.Name()} now, which this viewer cannot decode.") { Peer = viewer.Id };
        _ = SendAsync(viewer.Signaling, error, CancellationToken.None).AsTask();
    }

    private void Raise(Action<ViewerInfo> raise, ViewerSession viewer)
    {
        var info = viewer.Describe();
        events.Post(() => raise(info));
    }

    private void CompleteWhenEmpty()
    {
        if (context.Viewers.Count == 0)
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

    [LoggerMessage(EventId = 1504, Level = LogLevel.Information, Message = "Viewer {Viewer} is gone: {Reason}")]
    private partial void LogViewerGone(string viewer, string reason);

    [LoggerMessage(EventId = 1506, Level = LogLevel.Warning, Message = "Viewer {Viewer} cannot decode {Codec}, which the camera sends now.")]
    private partial void LogCodecMissing(string viewer, VideoCodec codec);

    [LoggerMessage(EventId = 1505, Level = LogLevel.Debug, Message = "Signaling by {Transport}: not sent: {Reason}")]
    private partial void LogSendFailed(string transport, string reason);
}
