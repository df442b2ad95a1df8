using System.Globalization;
using System.Reflection;
using P2PCam;

namespace Samples;

/// <summary>What is shown, in words for a console.</summary>
internal static class SourceWords
{
    public static string Version { get; } =
        typeof(IBroadcaster).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static string Describe(VideoSourceDescription source, int bitrate)
    {
        var size = source.Width > 0 ? $"  {source.Width}x{source.Height}" : "";
        var rate = source.FrameRate > 0 ? string.Create(CultureInfo.InvariantCulture, $" @{source.FrameRate:0.##}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{source.Name}{size}{rate}  -> VP8  {bitrate / 1e6:0.0##} Mbit/s");
    }
}
