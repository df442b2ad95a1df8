using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>
/// Finds out which encoders work here: being compiled into FFmpeg says nothing about a graphics card. Each one encodes a few pictures, and has to make
/// of them what viewers play, with a key frame where it was asked for.
/// </summary>
internal static class EncoderProbe
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Pictures = 4;
    private const int Forced = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Those that work, in their order.</summary>
    /// <exception cref="VideoSourceException">P2P1001: FFmpeg cannot be started.</exception>
    public static async Task<List<H264Encoder>> FindAsync(
        string executable, IEnumerable<H264Encoder> encoders, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var found = new List<H264Encoder>();
        foreach (var encoder in encoders)
        {
            if (await WorksAsync(executable, encoder, timeProvider, cancellationToken))
            {
                found.Add(encoder);
            }
        }

        return found;
    }

    public static async Task<bool> WorksAsync(
        string executable, H264Encoder encoder, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var settings = new EncoderSettings(Width, Height, 30, 500_000, TimeSpan.FromSeconds(10));
        await using var run = EncoderRun.Start(executable, encoder, settings, timeProvider, both.Token);
        var writing = WriteAsync(run);
        var keys = new List<bool>();
        ContainerRead read;
        while ((read = await run.ReadAsync()).Status == ContainerStatus.Frame)
        {
            keys.Add(read.Frame.IsKeyFrame);
            read.Frame.Release();
        }

        await writing;
        cancellationToken.ThrowIfCancellationRequested();
        return read.Status == ContainerStatus.End && keys.Count == Pictures && keys[0] && keys[Forced] && !keys[Forced - 1];
    }

    private static async Task WriteAsync(EncoderRun run)
    {
        for (var i = 0; i < Pictures; i++)
        {
            using var picture = VideoFrame.Rent(Width, Height, PixelFormat.I420, TimeSpan.FromMilliseconds(i * 34), out var pixels);
            pixels.Span.Fill((byte)(100 + i));
            if (!await run.TryWriteAsync(picture, i == Forced))
            {
                break;
            }
        }

        run.CompleteInput();
    }
}
