using System.Diagnostics;
using P2PCam.TestKit.Processes;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>Files that FFmpeg makes for a test, in a folder that goes with it.</summary>
internal sealed class Clips : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcam-clips");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The moving test picture of FFmpeg by libx264 without B-frames, or whatever the options say instead.</summary>
    public string Make(string name, string size = "320x240", double seconds = 1, params string[] options)
    {
        string[] encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "10", "-pix_fmt", "yuv420p"];
        string[] source = ["-f", "lavfi", "-i", FormattableString.Invariant($"testsrc2=size={size}:rate=25:duration={seconds}")];
        Tool.Run("ffmpeg", ["-v", "error", .. source, .. encoder, .. options, PathOf(name)]);
        return PathOf(name);
    }

    /// <summary>The same frames in another container.</summary>
    public string Copy(string from, string name)
    {
        Tool.Run("ffmpeg", "-v", "error", "-i", from, "-c", "copy", PathOf(name));
        return PathOf(name);
    }

    /// <summary>A program that takes FFmpeg's place: writes these bytes, then does what the line says.</summary>
    public string MakeProgram(byte[] output, string then)
    {
        File.WriteAllBytes(PathOf("output"), output);
        return MakeScript("program", $"cat '{PathOf("output")}'\n{then}");
    }

    /// <summary>A program that does what the lines say.</summary>
    public string MakeScript(string name, string lines)
    {
        var script = PathOf(name);
        File.WriteAllText(script, $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return script;
    }

    /// <summary>One checksum for each picture that FFmpeg decodes.</summary>
    public static string[] DecodedPictures(string path)
    {
        var lines = Tool.Run("ffmpeg", "-v", "error", "-i", path, "-f", "framemd5", "-").Split('\n');
        return [.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }

    public static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
