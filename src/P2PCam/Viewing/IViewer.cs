namespace P2PCam;

/// <summary>
/// Watches one stream: joins through signaling, receives the video peer to peer, and comes back by itself when the broadcaster, the path or the
/// signaling went away. Safe to use from several threads.
/// </summary>
public interface IViewer : IAsyncDisposable
{
    /// <summary>The stream that is watched.</summary>
    string Stream { get; }

    /// <summary>What the viewer is doing.</summary>
    ViewerState State { get; }

    /// <summary>What the broadcaster, or the server in its place, last said of the camera; null before it said anything.</summary>
    CameraState? CameraState { get; }

    /// <summary>Raised in order, one at a time, on the thread pool.</summary>
    event EventHandler<ViewerStateChangedEventArgs>? StateChanged;

    /// <summary>Raised when the camera comes or goes; in order with <see cref="StateChanged"/>.</summary>
    event EventHandler<CameraStateChangedEventArgs>? CameraStateChanged;

    /// <summary>
    /// Joins, and returns when pictures arrive (<see cref="ViewerState.Live"/>) or the camera is known to be away
    /// (<see cref="ViewerState.CameraOffline"/>); in the latter case pictures follow as soon as the camera is there. Does nothing when connected.
    /// </summary>
    /// <exception cref="SignalingException">The signaling server is not reachable or refused.</exception>
    /// <exception cref="P2PException">The broadcaster refused, or no picture came within <see cref="ViewerOptions.ConnectTimeout"/>; the code says which.</exception>
    Task ConnectAsync(CancellationToken cancellationToken = default);

    /// <summary>Says goodbye and ends what readers are waiting for; a connect that is under way is cancelled. <see cref="ConnectAsync"/> may be called again.</summary>
    Task DisconnectAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Yields decoded pictures in order, in <see cref="ViewerOptions.OutputFormat"/>, across reconnections, until the viewer is disconnected. May
    /// be called before <see cref="ConnectAsync"/> and by several readers; each reader disposes each frame that it gets.
    /// </summary>
    IAsyncEnumerable<VideoFrame> ReadFramesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Yields compressed pictures as they came, starting with a key frame, to be stored or passed on; each reader disposes each frame. A reader
    /// that falls behind by more than <see cref="ViewerOptions.MaxQueuedFrames"/> goes on with the next key frame.
    /// </summary>
    IAsyncEnumerable<EncodedFrame> ReadEncodedFramesAsync(CancellationToken cancellationToken = default);

    /// <summary>A snapshot of the figures since <see cref="ConnectAsync"/>.</summary>
    ViewerStatistics GetStatistics();
}
