using System.Buffers;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>A session on the loop and who wants to hear of it. Events are raised on the loop's thread.</summary>
internal sealed class DrivenSession(PeerSession session, Action<PeerSessionEvent> onEvent, Action<ReceivedFrame>? onFrame = null)
{
    public PeerSession Session { get; } = session;

    /// <summary>The <see cref="SessionTable"/>'s: the place in the list of all; -1 when it is in no table.</summary>
    internal int TableIndex { get; set; } = -1;

    /// <summary>The <see cref="SessionTable"/>'s: the addresses that lead to this session.</summary>
    internal List<(TransportAddress Local, TransportAddress Remote)> Addresses { get; } = [];

    /// <summary>The <see cref="SessionTable"/>'s: the ufrags that lead to this session, the newest last.</summary>
    internal Queue<string> Ufrags { get; } = new();

    /// <summary>The <see cref="TimeoutHeap"/>'s: when the session wants to be driven.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>The <see cref="TimeoutHeap"/>'s: the place in the heap; -1 when it is in none.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>The loop's: a datagram came in this turn, and what it led to is still to be drained.</summary>
    internal bool IsTouched { get; set; }

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
