namespace P2PCam;

/// <summary>Owns one camera and sends it to every viewer that asks. Made by <c>Broadcaster.Create</c> or by dependency injection.</summary>
public interface IBroadcaster : IAsyncDisposable
{
    /// <summary>The stream's name, as viewers ask for it.</summary>
    string Stream { get; }

    /// <summary>What the broadcaster is doing now.</summary>
    BroadcasterState State { get; }

    /// <summary>The camera, file or pattern that is shown.</summary>
    VideoSourceDescription Source { get; }

    /// <summary>A snapshot of all viewers, connecting ones included.</summary>
    IReadOnlyList<ViewerInfo> Viewers { get; }

    /// <summary>A snapshot of what has been captured and encoded since the start.</summary>
    BroadcasterStatistics Statistics { get; }

    /// <summary>A viewer is connected and will see pictures. Raised on a thread-pool thread; handlers should return soon.</summary>
    event EventHandler<ViewerEventArgs>? ViewerJoined;

    /// <summary>A viewer that had joined is gone; its reason says why.</summary>
    event EventHandler<ViewerEventArgs>? ViewerLeft;

    /// <summary>The state changed.</summary>
    event EventHandler<BroadcasterStateChangedEventArgs>? StateChanged;

    /// <summary>Opens port and signaling, then the source; returns when viewers can join.</summary>
    /// <exception cref="P2PException">A port is taken or an option is impossible; the text says what to change.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Says goodbye to the viewers and gives port and source back. Safe to call after a failed start, and twice.</summary>
    Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends one viewer's session; false when there is no such viewer.</summary>
    ValueTask<bool> DisconnectAsync(string viewerId, string? reason = null, CancellationToken cancellationToken = default);
}
