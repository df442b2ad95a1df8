using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sending;

/// <summary>What was negotiated for one outgoing video stream, and the bounds of its sender.</summary>
internal sealed record VideoSenderOptions
{
    public required uint Ssrc { get; init; }

    /// <summary>The codecs that the viewer takes. A frame goes out under the payload type of its codec.</summary>
    public required IReadOnlyList<RtpFormat> Formats { get; init; }

    /// <summary>The SSRC of the retransmission stream (RFC 4588), for the formats that have one.</summary>
    public uint RtxSsrc { get; init; }

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
