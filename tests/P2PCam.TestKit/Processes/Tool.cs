using System.Diagnostics;

namespace P2PCam.TestKit.Processes;

/// <summary>Runs a small program to its end.</summary>
public static class Tool
{
    /// <summary>What it wrote.</summary>
    /// <exception cref="InvalidOperationException">It could not start or ended with another code than 0; the message carries what it said.</exception>
    public static string Run(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Trim()}");
    }

    /// <summary>Like <see cref="Run"/>, in one line of words without quoting.</summary>
    public static string RunLine(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Run(words[0], words[1..]);
    }

    /// <summary>What it wrote, as bytes.</summary>
    public static byte[] ReadBytes(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        var error = process.StandardError.ReadToEndAsync();
        using var bytes = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();
        return process.ExitCode == 0 ? bytes.ToArray() : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {error.Result.Trim()}");
    }

    private static Process Start(string file, string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{file} did not start.");
}
