namespace ConsoleViewer;

/// <summary>What the command line asked for.</summary>
internal sealed record WatchOptions : IServerOptions
{
    public string? Server { get; set; }

    public SignalingKind? Transport { get; set; }

    public string? Token { get; set; }

    public string? PinSha256 { get; set; }

    public string? Pin { get; set; } = Environment.GetEnvironmentVariable("P2PCAM_PIN") is { Length: > 0 } pin ? pin : null;

    public string Stream { get; set; } = "default";

    /// <summary>Where to put a still picture; null for none.</summary>
    public string? Snapshot { get; set; }

    /// <summary>How long to watch; null until Ctrl+C.</summary>
    public TimeSpan? Duration { get; set; }

    public bool Loopback { get; set; }

    public bool Verbose { get; set; }

    public bool Help { get; set; }
}
