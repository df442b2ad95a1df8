namespace VideoTool.Containers;

/// <summary>Times in files.</summary>
internal static class Times
{
    /// <summary>A year; what says more is damaged, and comes as this.</summary>
    public const double MaxSeconds = 365.0 * 24 * 3600;

    public static readonly TimeSpan Max = TimeSpan.FromSeconds(MaxSeconds);
}
