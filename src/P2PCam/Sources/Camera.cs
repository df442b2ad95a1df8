using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>The cameras of this machine.</summary>
public static class Camera
{
    /// <summary>The cameras, the system's first one first; none is an empty list. Windows and macOS: FFmpeg is asked.</summary>
    /// <param name="executablePath">FFmpeg; not needed on Linux.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VideoSourceException">P2P1001: FFmpeg is needed and could not be started.</exception>
    public static Task<IReadOnlyList<CameraDevice>> ListAsync(
        string executablePath = "ffmpeg", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(executablePath);
        return CameraDevices.ListAsync(executablePath, cancellationToken);
    }

    /// <summary>The first camera that this machine has and that can be read; null if it has none. Asks whether FFmpeg, which reads it, runs.</summary>
    /// <param name="executablePath">FFmpeg.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VideoSourceException">P2P1001: there is a camera, or nobody can tell, and FFmpeg could not be started.</exception>
    public static async Task<CameraDevice?> FindFirstAsync(string executablePath = "ffmpeg", CancellationToken cancellationToken = default)
    {
        if (await ListAsync(executablePath, cancellationToken) is not [var first, ..])
        {
            return null;
        }

        await FFmpegStartCheck.CheckAsync(executablePath, null, TimeProvider.System, cancellationToken);
        return first;
    }
}
