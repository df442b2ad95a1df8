namespace P2PCam.WebRtc.Receiving;

/// <summary>What one receiver has seen. A value: whoever holds one holds a snapshot.</summary>
internal record struct ReceiverCounters
{
    /// <summary>RTP packets of the stream and of its retransmissions.</summary>
    public long Packets;

    /// <summary>RTP payload bytes of those.</summary>
    public long Bytes;

    public long RtxPackets;

    public long Duplicates;

    public long Malformed;

    /// <summary>Frames that were put together.</summary>
    public long Frames;

    public long KeyFrames;

    /// <summary>Frames that nobody took in time.</summary>
    public long FramesDropped;

    public long NacksSent;

    public long KeyFrameRequests;

    /// <summary>Packets that never came, not even as retransmissions in time; what is still waited for counts until it comes.</summary>
    public long PacketsLost;

    /// <summary>Interarrival jitter (RFC 3550 section 6.4.1).</summary>
    public TimeSpan Jitter;

    /// <summary>The counters of two streams together; the jitter is the larger one.</summary>
    public readonly ReceiverCounters Plus(in ReceiverCounters other) => new()
    {
        Packets = Packets + other.Packets,
        Bytes = Bytes + other.Bytes,
        RtxPackets = RtxPackets + other.RtxPackets,
        Duplicates = Duplicates + other.Duplicates,
        Malformed = Malformed + other.Malformed,
        Frames = Frames + other.Frames,
        KeyFrames = KeyFrames + other.KeyFrames,
        FramesDropped = FramesDropped + other.FramesDropped,
        NacksSent = NacksSent + other.NacksSent,
        KeyFrameRequests = KeyFrameRequests + other.KeyFrameRequests,
        PacketsLost = PacketsLost + other.PacketsLost,
        Jitter = Jitter > other.Jitter ? Jitter : other.Jitter,
    };
}
