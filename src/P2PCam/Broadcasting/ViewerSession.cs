using P2PCam.Diagnostics;
using P2PCam.Networking;

namespace P2PCam.Broadcasting;

/// <summary>What a broadcaster knows of one viewer: who it is in signaling and the session that carries its media.</summary>
internal sealed class ViewerSession(string id, ISignalingTransport signaling, ViewerJourney journey)
{
    private int _missed;

    public string Id { get; } = id;

    public ISignalingTransport Signaling { get; } = signaling;

    /// <summary>Of the transport that it came by, which may be one behind a server.</summary>
    public required string TransportName { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>What it can decode of what we may send, the preferred first.</summary>
    public required IReadOnlyList<VideoCodec> Codecs { get; init; }

    /// <summary>What the camera's pictures are compressed with now.</summary>
    public required Func<VideoCodec> StreamCodec { get; init; }

    public ViewerJourney Journey { get; } = journey;

    public DrivenSession? Driven { get; set; }

    public ViewerConnectionState State { get; set; } = ViewerConnectionState.Connecting;

    /// <summary>Whether the viewer was announced as joined, so that it is announced as left once.</summary>
    public bool Announced { get; set; }

    public string? LeaveReason { get; set; }

    /// <summary>Notes that it was told that it lacks a codec; false if it had been told of this one.</summary>
    public bool TryNoteMissing(VideoCodec codec)
    {
        var bit = 1 << (int)codec;
        return (Interlocked.Or(ref _missed, bit) & bit) == 0;
    }

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
            Codec = StreamCodec() is var codec && Codecs.Contains(codec) ? codec : Codecs[0],
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
