namespace P2PCam.Diagnostics;

/// <summary>Names of tags on metrics and traces. None of their values grows with the number of viewers, except on traces.</summary>
internal static class TagNames
{
    public const string Stream = "p2pcam.stream";
    public const string Transport = "p2pcam.signaling.transport";
    public const string FrameType = "p2pcam.frame.type";
    public const string DropReason = "p2pcam.drop.reason";
    public const string SourceState = "p2pcam.source.state";

    /// <summary>On traces only.</summary>
    public const string Viewer = "p2pcam.viewer.id";

    /// <summary>OpenTelemetry's own name for why something failed.</summary>
    public const string Error = "error.type";
}
