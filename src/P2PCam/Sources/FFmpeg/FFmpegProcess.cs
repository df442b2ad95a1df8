using System.ComponentModel;
using System.Diagnostics;

namespace P2PCam.Sources.FFmpeg;

/// <summary>One running FFmpeg: its output as a stream, the last of its words for error messages, and its certain end.</summary>
internal sealed class FFmpegProcess : IAsyncDisposable
{
    private const int MaxErrorLines = 20;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private FFmpegProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginErrorReadLine();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public int Id => _process.Id;

    public static FFmpegProcess Start(string executable, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        try
        {
            return new FFmpegProcess(Process.Start(start) ?? throw new Win32Exception());
        }
        catch (Win32Exception e)
        {
            throw new VideoSourceException(
                "P2P1001",
                $"FFmpeg ('{executable}') could not be started: {e.Message}. Cameras, files and RTSP are read through it; install it (Debian: apt install ffmpeg; Windows: winget install ffmpeg; macOS: brew install ffmpeg) or set ExecutablePath.",
                e);
        }
    }

    /// <summary>Waits for the end after the output has ended, and says in FFmpeg's own words why.</summary>
    public async Task<(int ExitCode, string Words)> WaitForEndAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }

        lock (_errors)
        {
            return (_process.HasExited ? _process.ExitCode : -1, string.Join(" | ", _errors));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForEndAsync();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private void Note(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_errors)
        {
            if (_errors.Count == MaxErrorLines)
            {
                _errors.Dequeue();
            }

            _errors.Enqueue(line.Length <= 300 ? line : line[..300]);
        }
    }
}
