using System.Diagnostics;

namespace P2PCam.VideoTool.Tests;

/// <summary>Runs the tool as users do, and FFmpeg.</summary>
internal static class Programs
{
    public sealed record Result(int ExitCode, string Output, string Errors);

    public static Result VideoTool(params string[] arguments)
    {
        using var process = StartVideoTool(arguments);
        return Finish(process);
    }

    public static Process StartVideoTool(params string[] arguments) => Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "VideoTool.dll"), .. arguments]);

    /// <summary>Standard output of a run that must succeed and have nothing to complain of.</summary>
    public static string FFmpeg(params string[] arguments) => Good("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);

    public static string FFprobe(params string[] arguments) => Good("ffprobe", ["-v", "error", .. arguments]);

    /// <summary>What FFmpeg tells at its usual loudness.</summary>
    public static string FFmpegSays(params string[] arguments)
    {
        using var process = Start("ffmpeg", ["-nostdin", "-y", .. arguments]);
        var result = Finish(process);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Errors;
    }

    public static Result Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static string Good(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        var result = Finish(process);
        Assert.True(result.ExitCode == 0 && result.Errors.Length == 0, $"{program} {string.Join(' ', arguments)}\n{result.Errors}");
        return result.Output;
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
