using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>Finds the cameras of this machine: by sysfs on Linux, by asking FFmpeg elsewhere.</summary>
internal static partial class CameraDevices
{
    private const string Sysfs = "/sys/class/video4linux";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task<IReadOnlyList<CameraDevice>> ListAsync(string ffmpeg, CancellationToken cancellationToken) => FFmpegPlatforms.Current switch
    {
        FFmpegPlatform.Windows => AskAsync(ffmpeg, ["-hide_banner", "-list_devices", "true", "-f", "dshow", "-i", "dummy"], ParseDirectShow, cancellationToken),
        FFmpegPlatform.MacOS => AskAsync(ffmpeg, ["-hide_banner", "-f", "avfoundation", "-list_devices", "true", "-i", ""], ParseAVFoundation, cancellationToken),
        _ => Task.FromResult(ListVideo4Linux(Sysfs)),
    };

    /// <summary>A camera has several nodes; the one with index 0 yields pictures, the others metadata.</summary>
    public static IReadOnlyList<CameraDevice> ListVideo4Linux(string sysfs)
    {
        if (!Directory.Exists(sysfs))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFileSystemEntries(sysfs)
                .Where(node => Read(node, "index") is null or "0")
                .OrderBy(node => Path.GetFileName(node).Length).ThenBy(node => node, StringComparer.Ordinal)
                .Select(node => new CameraDevice($"/dev/{Path.GetFileName(node)}", Read(node, "name") ?? Path.GetFileName(node))),
        ];
    }

    /// <summary>Reads lines such as <c>[dshow @ 000001] "HD Webcam" (video)</c>.</summary>
    public static IReadOnlyList<CameraDevice> ParseDirectShow(string text) =>
        [.. DirectShowLine().Matches(text).Select(match => new CameraDevice(match.Groups[1].Value, match.Groups[1].Value))];

    /// <summary>Reads lines such as <c>[AVFoundation indev @ 0x7f] [0] FaceTime HD Camera</c>, up to the audio devices; screens are left out.</summary>
    public static IReadOnlyList<CameraDevice> ParseAVFoundation(string text)
    {
        var audio = text.IndexOf("AVFoundation audio devices", StringComparison.Ordinal);
        return
        [
            .. AVFoundationLine().Matches(audio < 0 ? text : text[..audio])
                .Where(match => !match.Groups[2].Value.StartsWith("Capture screen", StringComparison.Ordinal))
                .Select(match => new CameraDevice(match.Groups[1].Value, match.Groups[2].Value.Trim())),
        ];
    }

    private static string? Read(string node, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(node, file)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<CameraDevice>> AskAsync(
        string ffmpeg, IReadOnlyList<string> arguments, Func<string, IReadOnlyList<CameraDevice>> parse, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(ffmpeg, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, CreateNoWindow = true });
            return process is null ? [] : parse(await process.StandardError.ReadToEndAsync(limit.Token));
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    [GeneratedRegex("\"([^\"\\r\\n]+)\" \\(video\\)")]
    private static partial Regex DirectShowLine();

    [GeneratedRegex("\\] \\[(\\d+)\\] ([^\\r\\n]+)")]
    private static partial Regex AVFoundationLine();
}
