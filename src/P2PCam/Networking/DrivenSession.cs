using System.Buffers;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Networking;

/// <summary>A session on the loop and who wants to hear of it. Events are raised on the loop's thread.</summary>
internal sealed class DrivenSession(PeerSession session, Action<PeerSessionEvent> onEvent, Action<ReceivedFrame>? onFrame = null)
{
    public PeerSession Session { get; } = session;

    public void OnEvent(PeerSessionEvent e) => onEvent(e);

    /// <summary>Hands on a received frame, and with it the duty to return its buffer.</summary>
    public void OnFrame(in ReceivedFrame frame)
    {
        if (onFrame is null)
        {
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }
        else
        {
            onFrame(frame);
        }
    }
}
