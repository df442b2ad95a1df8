namespace P2PCam;

/// <summary>What a reader of decoded frames gets when it is slower than the stream.</summary>
public enum FrameDelivery
{
    /// <summary>The newest frame; those in between are dropped. For screens: what is shown is never old.</summary>
    LatestWins,

    /// <summary>Every frame, as long as no more than <see cref="ViewerOptions.MaxQueuedFrames"/> wait; beyond that the oldest are dropped. For files and analysis.</summary>
    EveryFrame,
}
