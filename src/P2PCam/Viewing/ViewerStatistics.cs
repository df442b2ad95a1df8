namespace P2PCam;

/// <summary>What a viewer has seen since it connected, across reconnections.</summary>
public sealed record ViewerStatistics
{
    /// <summary>Whole compressed frames that arrived.</summary>
    public long FramesReceived { get; init; }

    /// <summary>Key frames among them.</summary>
    public long KeyFramesReceived { get; init; }

    /// <summary>Frames that were decoded. Nothing is decoded while nobody reads decoded frames.</summary>
    public long FramesDecoded { get; init; }

    /// <summary>Frames that arrived whole and did not get to a reader: it was too slow, or they could not be decoded.</summary>
    public long FramesDropped { get; init; }

    /// <summary>RTP packets, retransmissions included.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Packets that never came, or too late.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets that were asked for again (NACK); one counts as often as it was asked for.</summary>
    public long NacksSent { get; init; }

    /// <summary>Retransmissions that came (RTX).</summary>
    public long RetransmissionsReceived { get; init; }

    /// <summary>Key frames that were asked for (PLI).</summary>
    public long KeyFrameRequests { get; init; }

    /// <summary>Bytes of RTP payload.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bits per second of video over the last two seconds.</summary>
    public double Bitrate { get; init; }

    /// <summary>Frames that arrived per second, over the last two seconds.</summary>
    public double FrameRate { get; init; }

    /// <summary>Width of the stream in pixels; 0 before the first key frame.</summary>
    public int Width { get; init; }

    /// <summary>Height of the stream in pixels; 0 before the first key frame.</summary>
    public int Height { get; init; }

    /// <summary>The codec; null before the first frame.</summary>
    public VideoCodec? Codec { get; init; }

    /// <summary>To the broadcaster and back; null before it was measured.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Variation of packet arrival (RFC 3550 section 6.4.1).</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>From <see cref="IViewer.ConnectAsync"/> to the first whole frame; null before it came.</summary>
    public TimeSpan? TimeToFirstFrame { get; init; }

    /// <summary>How often the media had to be negotiated; 1 for a call that was never interrupted.</summary>
    public int Connections { get; init; }

    /// <summary>Where the media come from, as address and port; null while there is no path.</summary>
    public string? RemoteAddress { get; init; }
}
