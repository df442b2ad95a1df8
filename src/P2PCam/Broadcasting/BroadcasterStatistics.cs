namespace P2PCam;

/// <summary>What a broadcaster has done since it was started.</summary>
public sealed record BroadcasterStatistics
{
    /// <summary>Frames taken from the source.</summary>
    public long FramesCaptured { get; init; }

    /// <summary>Frames that the encoder made, key frames included.</summary>
    public long FramesEncoded { get; init; }

    /// <summary>Frames of a source of compressed video that were passed on as they came.</summary>
    public long FramesRelayed { get; init; }

    /// <summary>Key frames among those that were encoded or passed on.</summary>
    public long KeyFrames { get; init; }

    /// <summary>Key frames that a source of compressed video was asked for: few, however many viewers want one.</summary>
    public long KeyFramesAsked { get; init; }

    /// <summary>Stills with words that were sent where the source yielded no pictures.</summary>
    public long SlateFrames { get; init; }

    /// <summary>Frames left out: nobody watching, encoder behind, rate control, or nothing to build on.</summary>
    public long FramesDropped { get; init; }

    /// <summary>Bytes of compressed video, encoded or passed on.</summary>
    public long BytesEncoded { get; init; }

    /// <summary>Width of the source's picture, in pixels; 0 before the first frame.</summary>
    public int Width { get; init; }

    /// <summary>Height of the source's picture, in pixels; 0 before the first frame.</summary>
    public int Height { get; init; }
}
