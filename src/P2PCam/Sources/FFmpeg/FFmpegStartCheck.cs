using System.ComponentModel;

namespace P2PCam.Sources.FFmpeg;

/// <summary>What will not mend itself while a program runs: no FFmpeg, no such file. A camera that is off, or unplugged, may come back and is no such thing.</summary>
internal static class FFmpegStartCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="VideoSourceException">P2P1001 or P2P1004.</exception>
    public static async Task CheckAsync(string executable, FFmpegInput? input, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        await using (var process = FFmpegProcess.Start(executable, ["-hide_banner", "-version"], timeProvider, cancellationToken))
        {
            process.ExpectData(Limit);
            await process.Output.CopyToAsync(Stream.Null, cancellationToken);
            if (await process.WaitForEndAsync() is { ExitCode: not 0 } end)
            {
                // It is there and cannot run, as for want of a library.
                throw FFmpegErrors.CannotStart(executable, new Win32Exception(-1, end.Words.Length > 0 ? end.Words : $"it ended with exit code {end.ExitCode}"));
            }
        }

        // With a % a path is a pattern, of many files.
        if (input is { Kind: FFmpegInputKind.File } && input.Attempts[0][^1]["file:".Length..] is var path && !path.Contains('%') && !File.Exists(path))
        {
            throw FFmpegErrors.NoSuchFile(input);
        }
    }
}
