using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CodecComparison;

/// <summary>Runs FFmpeg and reads what it says of its own CPU time.</summary>
internal static partial class FFmpeg
{
    /// <summary>Standard error of a run that must succeed.</summary>
    public static string Run(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo("ffmpeg", ["-hide_banner", "-nostdin", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(info) ?? throw new InvalidOperationException("ffmpeg does not start.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? errors : throw new InvalidOperationException($"ffmpeg {string.Join(' ', arguments)}\n{errors}");
    }

    /// <summary>Seconds of CPU time, user and system, of all of the process's threads.</summary>
    public static double CpuSeconds(IReadOnlyList<string> arguments)
    {
        var match = BenchLine().Match(Run(["-benchmark", .. arguments]));
        return match.Success
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("ffmpeg -benchmark said no times.");
    }

    [GeneratedRegex(@"utime=([\d.]+)s stime=([\d.]+)s")]
    private static partial Regex BenchLine();
}
