using P2PCam.Diagnostics;
using P2PCam.Networking;

namespace P2PCam.Broadcasting;

/// <summary>What a broadcaster knows of one viewer: who it is in signaling and the session that carries its media.</summary>
internal sealed class ViewerSession(string id, ISignalingTransport signaling, string transportName, DateTimeOffset since, ViewerJourney journey)
{
    public string Id { get; } = id;

    public ISignalingTransport Signaling { get; } = signaling;

    public string TransportName { get; } = transportName;

    public DateTimeOffset Since { get; } = since;

    public ViewerJourney Journey { get; } = journey;

    public DrivenSession? Driven { get; set; }

    public ViewerConnectionState State { get; set; } = ViewerConnectionState.Connecting;

    /// <summary>Whether the viewer was announced as joined, so that it is announced as left once.</summary>
    public bool Announced { get; set; }

    public string? LeaveReason { get; set; }

    /// <summary>A snapshot; the caller holds the loop's gate, or the session is closed.</summary>
    public ViewerInfo Describe()
    {
        var statistics = Driven?.Session.GetStatistics() ?? default;
        return new ViewerInfo
        {
            Id = Id,
            State = State,
            Transport = TransportName,
            RemoteAddress = statistics.Remote?.ToString(),
            Codec = VideoCodec.Vp8,
            Since = Since,
            LeaveReason = LeaveReason,
            FramesSent = statistics.FramesSent,
            FramesDropped = statistics.FramesDropped,
            PacketsSent = statistics.PacketsSent,
            PacketsResent = statistics.PacketsResent,
            BytesSent = statistics.BytesSent,
            KeyFrameRequests = statistics.KeyFrameRequests,
            RoundTripTime = statistics.RoundTripTime,
            LossRate = statistics.LossRate,
        };
    }
}
