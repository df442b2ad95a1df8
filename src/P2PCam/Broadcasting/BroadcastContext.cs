using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.Networking;

namespace P2PCam.Broadcasting;

/// <summary>What one run of a broadcaster works with, and whom it tells.</summary>
internal sealed record BroadcastContext
{
    public required BroadcastSource Source { get; init; }

    public required IReadOnlyList<ISignalingTransport> Transports { get; init; }

    public required BroadcasterOptions Options { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required StreamMetrics Metrics { get; init; }

    public required ILocalNetwork Network { get; init; }

    public required ViewerRegistry Viewers { get; init; }

    public required Action<ViewerInfo> Joined { get; init; }

    public required Action<ViewerInfo> Left { get; init; }

    public required Action<BroadcasterState, string?> StateChanged { get; init; }
}
