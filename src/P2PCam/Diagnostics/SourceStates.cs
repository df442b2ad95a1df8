namespace P2PCam.Diagnostics;

/// <summary>What a source is doing, as the metrics say it.</summary>
internal static class SourceStates
{
    public const string Idle = "idle";
    public const string Opening = "opening";
    public const string Live = "live";
    public const string Unavailable = "unavailable";

    public static IReadOnlyList<string> All { get; } = [Idle, Opening, Live, Unavailable];
}
