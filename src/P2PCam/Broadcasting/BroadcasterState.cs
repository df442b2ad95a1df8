namespace P2PCam;

/// <summary>What a broadcaster is doing.</summary>
public enum BroadcasterState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Opening port, signaling and source.</summary>
    Starting,

    /// <summary>Viewers may join; the source is closed until the first one has, see <see cref="BroadcasterOptions.CameraOffWhenUnwatched"/>.</summary>
    Idle,

    /// <summary>The source yields pictures.</summary>
    Live,

    /// <summary>Viewers may join, but the source yields nothing now; it is being reopened, and the slate shown meanwhile.</summary>
    SourceUnavailable,

    /// <summary>Saying goodbye.</summary>
    Stopping,
}

/// <summary>Carries the states before and after a change.</summary>
public sealed class BroadcasterStateChangedEventArgs(BroadcasterState previous, BroadcasterState current, string? reason) : EventArgs
{
    /// <summary>The state before.</summary>
    public BroadcasterState Previous { get; } = previous;

    /// <summary>The state now.</summary>
    public BroadcasterState Current { get; } = current;

    /// <summary>Why, where there is more to say than the state does.</summary>
    public string? Reason { get; } = reason;
}
