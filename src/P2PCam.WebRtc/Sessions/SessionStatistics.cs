using P2PCam.WebRtc.Receiving;
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

    /// <summary>Datagrams that failed SRTP authentication, were replayed or came from where they may not.</summary>
    public long Rejected { get; init; }
}
