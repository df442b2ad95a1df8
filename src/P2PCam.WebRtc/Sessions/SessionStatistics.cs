using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>A copy of a session's counters.</summary>
internal readonly record struct SessionStatistics
{
    public TransportAddress? Remote { get; init; }

    public long FramesSent { get; init; }

    public long FramesDropped { get; init; }

    public long PacketsSent { get; init; }

    public long PacketsResent { get; init; }

    public long NackedPackets { get; init; }

    public long BytesSent { get; init; }

    public long KeyFrameRequests { get; init; }

    public TimeSpan? RoundTripTime { get; init; }

    public double LossRate { get; init; }

    /// <summary>What the receiving side has seen; all zero for a session that only sends.</summary>
    public ReceiverCounters Received { get; init; }

    /// <summary>What comes in, in bits per second over the last second, retransmissions included.</summary>
    public long ReceivedBitrate { get; init; }

    /// <summary>What the path to here is thought to take, in bits per second; 0 for a session that only sends.</summary>
    public long EstimatedBitrate { get; init; }

    /// <summary>What the last received frame was compressed with; null before the first.</summary>
    public RtpVideoCodec? ReceivedCodec { get; init; }

    /// <summary>In pixels, of the last received key frame; 0 before it, and for AV1.</summary>
    public int ReceivedWidth { get; init; }

    public int ReceivedHeight { get; init; }

    /// <summary>The simulcast layer that frames come from; null without simulcast.</summary>
    public string? ReceivedLayer { get; init; }

    /// <summary>Datagrams that failed SRTP authentication, were replayed or came from where they may not.</summary>
    public long Rejected { get; init; }
}
