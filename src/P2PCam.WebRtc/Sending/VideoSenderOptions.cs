namespace P2PCam.WebRtc.Sending;

/// <summary>What was negotiated for one outgoing video stream, and the bounds of its sender.</summary>
internal sealed record VideoSenderOptions
{
    public required uint Ssrc { get; init; }

    public required byte PayloadType { get; init; }

    /// <summary>SSRC and payload type of the retransmission stream (RFC 4588); null when the viewer did not offer one.</summary>
    public (uint Ssrc, byte PayloadType)? Rtx { get; init; }

    /// <summary>Whether lost packets are resent at all (the viewer offered generic NACK, RFC 4585).</summary>
    public bool ResendOnNack { get; init; } = true;

    /// <summary>First sequence number; below 2^15, so that an early loss cannot confuse the roll-over counter (RFC 3711 section 3.3.1).</summary>
    public required ushort FirstSequenceNumber { get; init; }

    public required ushort FirstRtxSequenceNumber { get; init; }

    /// <summary>Added to every frame's RTP timestamp (RFC 3550 section 5.1 wants a random start).</summary>
    public required uint TimestampOffset { get; init; }

    public required string CanonicalName { get; init; }

    /// <summary>How long sent frames stay available for resending.</summary>
    public TimeSpan History { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many frames may wait to be sent before the viewer counts as too slow.</summary>
    public int MaxPendingFrames { get; init; } = 30;
}
