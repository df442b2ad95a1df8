namespace P2PCam;

/// <summary>How far a viewer is.</summary>
public enum ViewerConnectionState
{
    /// <summary>Offer answered; ICE or DTLS under way.</summary>
    Connecting,

    /// <summary>Pictures flow.</summary>
    Connected,

    /// <summary>Nothing heard for some seconds; pictures stop when consent runs out (RFC 7675).</summary>
    Disconnected,

    /// <summary>Gone.</summary>
    Closed,
}

/// <summary>A snapshot of one viewer.</summary>
public sealed record ViewerInfo
{
    /// <summary>Random id of this viewer, as in signaling.</summary>
    public required string Id { get; init; }

    /// <summary>How far the viewer is.</summary>
    public required ViewerConnectionState State { get; init; }

    /// <summary>The signaling transport that the viewer came by.</summary>
    public required string Transport { get; init; }

    /// <summary>Where its media go, as address:port; null until connected.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The codec it gets; of a viewer that cannot decode what the camera sends now, the one that it would rather have.</summary>
    public VideoCodec Codec { get; init; }

    /// <summary>When its offer came.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Why it left; null while it is here.</summary>
    public string? LeaveReason { get; init; }

    /// <summary>Frames sent.</summary>
    public long FramesSent { get; init; }

    /// <summary>Frames left out because the viewer could not take them or waited for a key frame.</summary>
    public long FramesDropped { get; init; }

    /// <summary>RTP packets sent, resent ones included.</summary>
    public long PacketsSent { get; init; }

    /// <summary>RTP packets sent again after a NACK.</summary>
    public long PacketsResent { get; init; }

    /// <summary>Bytes sent, headers of RTP and SRTP included, those of UDP and IP not.</summary>
    public long BytesSent { get; init; }

    /// <summary>Key frames the viewer asked for (PLI or FIR).</summary>
    public long KeyFrameRequests { get; init; }

    /// <summary>Round-trip time by ICE checks or receiver reports; null before the first.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Share of packets lost on the way, 0 to 1, from the newest receiver report.</summary>
    public double LossRate { get; init; }
}

/// <summary>Carries the viewer that came or went.</summary>
public sealed class ViewerEventArgs(ViewerInfo viewer) : EventArgs
{
    /// <summary>The viewer as it was at that moment.</summary>
    public ViewerInfo Viewer { get; } = viewer;
}
