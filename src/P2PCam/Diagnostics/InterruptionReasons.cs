namespace P2PCam.Diagnostics;

/// <summary>Why a source's pictures stopped, as the metrics say it.</summary>
internal static class InterruptionReasons
{
    /// <summary>It is open and yields nothing.</summary>
    public const string Stalled = "stalled";

    /// <summary>It came to its end.</summary>
    public const string Ended = "ended";

    /// <summary>It gave an error.</summary>
    public const string Failed = "failed";
}
