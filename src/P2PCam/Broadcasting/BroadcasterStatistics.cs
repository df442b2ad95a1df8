namespace P2PCam;

/// <summary>What a broadcaster has done since it was started.</summary>
public sealed record BroadcasterStatistics
{
    /// <summary>Frames taken from the source.</summary>
    public long FramesCaptured { get; init; }

    /// <summary>Frames that the encoder made, key frames included.</summary>
    public long FramesEncoded { get; init; }

    /// <summary>Key frames that the encoder made.</summary>
    public long KeyFrames { get; init; }

    /// <summary>Frames left out: nobody watching, encoder behind, or rate control.</summary>
    public long FramesDropped { get; init; }

    /// <summary>Bytes of compressed video.</summary>
    public long BytesEncoded { get; init; }

    /// <summary>Width of the picture being sent, in pixels; 0 before the first frame.</summary>
    public int Width { get; init; }

    /// <summary>Height of the picture being sent, in pixels; 0 before the first frame.</summary>
    public int Height { get; init; }
}
