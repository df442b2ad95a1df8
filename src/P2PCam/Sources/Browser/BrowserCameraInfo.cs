namespace P2PCam;

/// <summary>A snapshot of the browser that is the camera.</summary>
public sealed record BrowserCameraInfo
{
    /// <summary>When it began to publish.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether its media are connected.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether it has sent no frames for a while.</summary>
    public bool IsStalled { get; init; }

    /// <summary>What it compresses with; null before its first frame.</summary>
    public VideoCodec? Codec { get; init; }

    /// <summary>
    /// The profile of its H.264, such as "Constrained Baseline", "Main" or "High"; null for other codecs, and before its first key frame.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>Width in pixels of its newest key frame; 0 when not known.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels of its newest key frame; 0 when not known.</summary>
    public int Height { get; init; }

    /// <summary>The layer of simulcast that is passed on, by the browser's name (RFC 8851); null where it sends one stream only.</summary>
    public string? Layer { get; init; }

    /// <summary>Frames per second over the last two seconds.</summary>
    public double FrameRate { get; init; }

    /// <summary>Video bits per second over the last two seconds.</summary>
    public double Bitrate { get; init; }
}
