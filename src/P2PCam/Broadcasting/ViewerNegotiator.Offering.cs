using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Broadcasting;

/// <summary>The other way round: we offer, and a server answers that the stream is published to.</summary>
internal sealed partial class ViewerNegotiator
{
    /// <summary>Makes an offer to send; null when there is nothing to send from, before the start and while stopping.</summary>
    /// <param name="id">The id that the server goes by among the viewers.</param>
    /// <param name="onEvent">Called on the loop, after the viewers' registry knows; must return soon.</param>
    public OutgoingOffer? Offer(string id, Action<PeerSessionEvent> onEvent)
    {
        return _allGone is null && answerer.Offer() is { } pending ? new OutgoingOffer(pending, (offer, answer) => Accept(id, offer, answer, onEvent), Close) : null;
    }

    private (ViewerSession? Viewer, string Error) Accept(string id, PendingOffer offer, string answer, Action<PeerSessionEvent> onEvent)
    {
        var journey = ViewerJourney.Begin(context.Metrics, id, SignalingNames.Whip, loop.Now);
        if (!offer.TryAccept(loop.Now, answer, out var session, out var error))
        {
            journey.Refused("answer_unusable", error);
            return (null, error);
        }

        var viewer = new ViewerSession(id, NoSignaling.Instance, journey)
        {
            TransportName = SignalingNames.Whip,
            Since = context.TimeProvider.GetUtcNow(),
            Codecs = [.. session.SendCodecs.Select(codec => codec.ToVideoCodec())],
            StreamCodec = () => video.Codec,
        };
        viewer.Driven = new DrivenSession(session, e =>
        {
            OnSessionEvent(viewer, e);
            onEvent(e);
        });
        context.Viewers.Add(viewer);
        journey.Answered(session);
        loop.Post(() => loop.Add(viewer.Driven));
        if (_allGone is not null)
        {
            Close(viewer, "the broadcaster stopped");
        }

        return (viewer, "");
    }

    /// <summary>A server that is published to is in no room: nothing can be said to it there.</summary>
    private sealed class NoSignaling : ISignalingTransport
    {
        public static NoSignaling Instance { get; } = new();

        public string Name => SignalingNames.Whip;

        public Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public IAsyncEnumerable<SignalingMessage> ReadAllAsync(CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<SignalingMessage>();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
