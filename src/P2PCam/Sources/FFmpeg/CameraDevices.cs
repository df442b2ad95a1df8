using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>Finds the cameras of this machine: by sysfs on Linux, by asking FFmpeg elsewhere.</summary>
internal static partial class CameraDevices
{
    private const string Sysfs = "/sys/class/video4linux";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task<IReadOnlyList<CameraDevice>> ListAsync(string ffmpeg, CancellationToken cancellationToken)
    {
        return FFmpegPlatforms.Current switch
        {
            FFmpegPlatform.Windows => AskAsync(ffmpeg, ["-f", "dshow", "-i", "dummy"], DirectShowList.Parse, cancellationToken),
            FFmpegPlatform.MacOS => AskAsync(ffmpeg, ["-f", "avfoundation", "-i", ""], ParseAVFoundation, cancellationToken),
            _ => Task.FromResult(ListVideo4Linux(Sysfs)),
        };
    }

    /// <summary>
    /// A camera has several nodes; the one with index 0 yields pictures, the others metadata. Codecs and image processors of single-board
    /// computers are nodes as well, told apart by their names.
    /// </summary>
    public static IReadOnlyList<CameraDevice> ListVideo4Linux(string sysfs)
    {
        if (!Directory.Exists(sysfs))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFileSystemEntries(sysfs)
                .Where(node => Path.GetFileName(node).StartsWith("video", StringComparison.Ordinal) && Read(node, "index") is null or "0")
                .OrderBy(node => Path.GetFileName(node).Length).ThenBy(node => node, StringComparer.Ordinal)
                .Select(node => new CameraDevice($"/dev/{Path.GetFileName(node)}", Read(node, "name") ?? Path.GetFileName(node)))
                .Where(camera => !NoCamera().IsMatch(camera.Name)),
        ];
    }

    /// <summary>Reads lines such as <c>[AVFoundation indev @ 0x7f] [0] FaceTime HD Camera</c>, up to the audio devices.</summary>
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
        string ffmpeg, string[] input, Func<string, IReadOnlyList<CameraDevice>> parse, CancellationToken cancellationToken)
    {
        string[] arguments = ["-hide_banner", "-nostdin", "-list_devices", "true", .. input];
        var start = new ProcessStartInfo(ffmpeg, arguments)
        {
            RedirectStandardError = true,
            CreateNoWindow = true,

            // FFmpeg writes UTF-8 on every system; read in the console's code page, a name with an umlaut is none that FFmpeg finds again.
            StandardErrorEncoding = Encoding.UTF8,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception("no process was made");
            using var end = limit.Token.UnsafeRegister(static state => Kill((Process)state!), process);
            return parse(await process.StandardError.ReadToEndAsync(limit.Token));
        }
        catch (Win32Exception e)
        {
            throw FFmpegErrors.CannotStart(ffmpeg, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    [GeneratedRegex("codec|-isp|-enc|-dec|rpivid|pispbe", RegexOptions.IgnoreCase)]
    private static partial Regex NoCamera();

    [GeneratedRegex("\\] \\[(\\d+)\\] ([^\\r\\n]+)")]
    private static partial Regex AVFoundationLine();
}
