namespace P2PCam.Broadcasting;

/// <summary>The way of a source's pictures to the viewers: by our encoder, or as they are.</summary>
internal interface IVideoFeed : IDisposable
{
    /// <summary>What is read.</summary>
    VideoSourceDescription Description { get; }

    /// <summary>What the newest frame is compressed with; null before the first.</summary>
    VideoCodec? Codec { get; }

    FeedCounters Counters { get; }

    /// <summary>Reads the source until it ends, fails or is cancelled.</summary>
    Task ReadAsync(CancellationToken cancellationToken);

    /// <summary>Does what goes on beside the readings, until it is cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Some viewer cannot decode before the next key frame. Safe from several threads.</summary>
    void RequestKeyFrame();
}

/// <summary>What a feed has done. Figures may be a frame apart.</summary>
internal readonly record struct FeedCounters
{
    public long Captured { get; init; }

    /// <summary>By us.</summary>
    public long Encoded { get; init; }

    /// <summary>Passed on as they came.</summary>
    public long Relayed { get; init; }

    public long KeyFrames { get; init; }

    public long Dropped { get; init; }

    /// <summary>Of compressed video that was encoded or passed on.</summary>
    public long Bytes { get; init; }

    /// <summary>Key frames that the source was asked for.</summary>
    public long KeyFramesAsked { get; init; }
}
