using Microsoft.Extensions.Logging;

namespace P2PCam;

/// <summary>What a broadcaster shows when nobody said what: the test pattern.</summary>
internal static class DefaultVideoSource
{
    public static IVideoSource Create(TimeProvider timeProvider, ILogger _) => new TestPatternSource(timeProvider: timeProvider);
}
