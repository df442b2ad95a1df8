using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// Reads what FFmpeg says about DirectShow. Since 4.4 each device says what it yields, <c>[dshow @ 000001] "HD Webcam" (video)</c>, also <c>(video, audio)</c>, or
/// <c>(none)</c> where it does not tell before it is opened; before that video and audio devices stand below headings of their own. Below each stands the name that
/// is its own: two webcams of one model have the same name otherwise.
/// </summary>
internal static partial class DirectShowList
{
    public static IReadOnlyList<CameraDevice> Parse(string text)
    {
        var isOld = text.Contains("DirectShow video devices", StringComparison.Ordinal);
        var found = new List<(string Name, string? Own)>();
        var isVideo = false;
        foreach (var line in LinesOf(text))
        {
            if (Heading().Match(line) is { Success: true } heading)
            {
                isVideo = heading.Groups[1].Value == "video";
            }
            else if (OwnName().Match(line) is { Success: true } own)
            {
                if (isVideo && found is [.., { Own: null }])
                {
                    found[^1] = found[^1] with { Own = own.Groups[1].Value };
                }
            }
            else if (Device().Match(line) is { Success: true } device)
            {
                isVideo = isOld ? isVideo : IsCamera(device.Groups[2].Value);
                if (isVideo)
                {
                    found.Add((device.Groups[1].Value, null));
                }
            }
        }

        var shared = found.CountBy(device => device.Name).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        return [.. found.Select(device => new CameraDevice(IdOf(device.Name, device.Own, shared), device.Name))];
    }

    // The plain name where it will do, because people type it. FFmpeg takes what follows a colon for the microphone.
    private static string IdOf(string name, string? own, HashSet<string> shared) =>
        own is not null && (shared.Contains(name) || name.Contains(':', StringComparison.Ordinal)) ? own : name;

    private static bool IsCamera(string yields) => yields.Split(',', StringSplitOptions.TrimEntries) is var kinds && (kinds.Contains("video") || kinds.Contains("none"));

    private static IEnumerable<string> LinesOf(string text) => text.Split('\n').Select(line => line.TrimEnd('\r', ' '));

    [GeneratedRegex("DirectShow (video|audio) devices")]
    private static partial Regex Heading();

    [GeneratedRegex("Alternative name \"(.+)\"$")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"\][^""]*""(.+)""(?: \(([a-z, ]+)\))?$")]
    private static partial Regex Device();
}
