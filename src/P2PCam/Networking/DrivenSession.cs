using P2PCam.WebRtc.Sessions;

namespace P2PCam.Networking;

/// <summary>A session on the loop and who wants to hear of it. Events are raised on the loop's thread.</summary>
internal sealed class DrivenSession(PeerSession session, Action<PeerSessionEvent> onEvent)
{
    public PeerSession Session { get; } = session;

    public void OnEvent(PeerSessionEvent e) => onEvent(e);
}
