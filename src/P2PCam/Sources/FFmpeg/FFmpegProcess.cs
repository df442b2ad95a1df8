using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace P2PCam.Sources.FFmpeg;

/// <summary>How an FFmpeg ended.</summary>
/// <param name="ExitCode">Its exit code; -1 when it did not end in time.</param>
/// <param name="Words">The last of what it said on standard error, passwords left out.</param>
/// <param name="WasSilent">It was ended because it yielded nothing for too long.</param>
internal readonly record struct FFmpegEnd(int ExitCode, string Words, bool WasSilent);

/// <summary>
/// One running FFmpeg: its output as a stream, the last of its words, and its certain end. A cancellation or too long a silence kills it,
/// which ends the output; reads need no time-out of their own. Should this program die, FFmpeg ends at its next write into the broken pipe.
/// </summary>
internal sealed class FFmpegProcess : IAsyncDisposable
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly ITimer _watchdog;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly FFmpegWords _words;
    private volatile bool _wasSilent;

    private FFmpegProcess(Process process, FFmpegWords words, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        (_process, _words) = (process, words);
        process.ErrorDataReceived += (_, e) => _words.Add(e.Data);
        process.BeginErrorReadLine();
        _watchdog = timeProvider.CreateTimer(static state => ((FFmpegProcess)state!).OnSilence(), this, Never, Never);
        _cancellation = cancellationToken.UnsafeRegister(static state => ((FFmpegProcess)state!).Kill(), this);
    }

    /// <summary>What it reads; only of one that was started with input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public int Id => _process.Id;

    /// <summary>What it has said of its input.</summary>
    public FFmpegFacts Facts => _words.Facts;

    /// <exception cref="VideoSourceException">P2P1001: the program cannot be started.</exception>
    public static FFmpegProcess Start(
        string executable,
        IEnumerable<string> arguments,
        TimeProvider timeProvider,
        CancellationToken cancellationToken,
        bool withInput = false,
        IReadOnlyList<string>? secrets = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = withInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            var process = Process.Start(start) ?? throw new Win32Exception("no process was made");
            return new FFmpegProcess(process, new FFmpegWords(secrets), timeProvider, cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw FFmpegErrors.CannotStart(executable, e);
        }
    }

    /// <summary>Starts counting the time without data, up to so much; null stops it.</summary>
    public void ExpectData(TimeSpan? within) => _watchdog.Change(within ?? Never, Never);

    /// <summary>Waits for the end after the output has ended; kills a process that does not end by itself.</summary>
    public async Task<FFmpegEnd> WaitForEndAsync()
    {
        if (!await EndsAsync())
        {
            Kill();
            await EndsAsync();
        }

        return new FFmpegEnd(_process.HasExited ? _process.ExitCode : -1, _words.ToString(), _wasSilent);
    }

    public async ValueTask DisposeAsync()
    {
        // First the callbacks, so that none of them meets a disposed process.
        await _watchdog.DisposeAsync();
        await _cancellation.DisposeAsync();
        Kill();
        await EndsAsync();
        _process.Dispose();
    }

    private async Task<bool> EndsAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void OnSilence()
    {
        _wasSilent = true;
        Kill();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or a child of its own has.
        }
    }
}
