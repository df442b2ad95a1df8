using P2PCam.WebRtc.Sessions;

namespace P2PCam.Broadcasting;

/// <summary>An offer of a broadcaster to send, for a server that streams are published to. What its answer makes counts as a viewer.</summary>
internal sealed class OutgoingOffer(PendingOffer pending, Func<PendingOffer, string, (ViewerSession? Viewer, string Error)> accept, Action<ViewerSession, string> close)
{
    private ViewerSession? _viewer;

    public string Sdp => pending.Offer;

    /// <summary>Takes the answer; call once. On failure <paramref name="error"/> says in words why it is of no use.</summary>
    public bool TryAccept(string answer, out string error)
    {
        (_viewer, error) = accept(pending, answer);
        return _viewer is not null;
    }

    public void Close(string reason)
    {
        if (_viewer is { } viewer)
        {
            close(viewer, reason);
        }
    }
}
