using System.Globalization;
using System.Reflection;
using P2PCam;

namespace Samples;

/// <summary>What is shown, in words for a console.</summary>
internal static class SourceWords
{
    public static string Version { get; } =
        typeof(IBroadcaster).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static string Describe(VideoSourceDescription source, PictureOptions options)
    {
        var size = source.Width > 0 ? $"  {source.Width}x{source.Height}" : "";
        var rate = source.FrameRate > 0 ? string.Create(CultureInfo.InvariantCulture, $" @{source.FrameRate:0.##}") : "";
        var what = options.PassThrough ? "as it is" : string.Create(CultureInfo.InvariantCulture, $"{(options.UseH264 ? "H.264" : "VP8")}  {options.Bitrate / 1e6:0.0##} Mbit/s");
        return $"{source.Name}{size}{rate}  -> {what}";
    }
}
