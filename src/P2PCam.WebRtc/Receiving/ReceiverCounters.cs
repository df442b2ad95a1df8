namespace P2PCam.WebRtc.Receiving;

/// <summary>What one receiver has seen; read by its owning loop.</summary>
internal sealed class ReceiverCounters
{
    public long Packets { get; set; }

    public long RtxPackets { get; set; }

    public long Duplicates { get; set; }

    public long Malformed { get; set; }

    public long Frames { get; set; }

    public long FramesDropped { get; set; }

    public long NacksSent { get; set; }

    public long KeyFrameRequests { get; set; }
}
