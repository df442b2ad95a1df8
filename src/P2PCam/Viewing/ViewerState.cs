namespace P2PCam;

/// <summary>What a viewer is doing.</summary>
public enum ViewerState
{
    /// <summary>Not connected yet, or not any more.</summary>
    Disconnected,

    /// <summary>Joining and finding a path.</summary>
    Connecting,

    /// <summary>Pictures arrive.</summary>
    Live,

    /// <summary>The path or the pictures were lost; they are being brought back.</summary>
    Reconnecting,

    /// <summary>Joined, but there is no camera; pictures follow when it comes.</summary>
    CameraOffline,

    /// <summary>Disposed.</summary>
    Closed,
}

/// <summary>Carries the states before and after a change.</summary>
public sealed class ViewerStateChangedEventArgs(ViewerState previous, ViewerState current, string? reason) : EventArgs
{
    /// <summary>The state before.</summary>
    public ViewerState Previous { get; } = previous;

    /// <summary>The state now.</summary>
    public ViewerState Current { get; } = current;

    /// <summary>Why, in words; null where nothing needs an explanation.</summary>
    public string? Reason { get; } = reason;
}

/// <summary>Carries what was said of the camera.</summary>
public sealed class CameraStateChangedEventArgs(CameraState state, string? description) : EventArgs
{
    /// <summary>Whether there is a picture to see.</summary>
    public CameraState State { get; } = state;

    /// <summary>Why, in the broadcaster's words; null when it gave none.</summary>
    public string? Description { get; } = description;
}
