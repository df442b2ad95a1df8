namespace P2PCam;

/// <summary>What an uplink is doing.</summary>
public enum WhipUplinkState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Asking the server, or waiting for the media path.</summary>
    Connecting,

    /// <summary>The stream is being sent.</summary>
    Publishing,

    /// <summary>It did not work, or has ended; the next attempt comes after a while.</summary>
    Waiting,
}

/// <summary>Carries the states before and after a change.</summary>
public sealed class WhipUplinkStateChangedEventArgs(WhipUplinkState previous, WhipUplinkState current, P2PException? reason) : EventArgs
{
    /// <summary>The state before.</summary>
    public WhipUplinkState Previous { get; } = previous;

    /// <summary>The state now.</summary>
    public WhipUplinkState Current { get; } = current;

    /// <summary>Why it waits: codes P2P23xx; null in other states.</summary>
    public P2PException? Reason { get; } = reason;
}
