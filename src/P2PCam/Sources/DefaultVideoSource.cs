using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// What a broadcaster shows when nobody said what: the first camera, else the test pattern, with a log line that says why. Chosen anew each
/// time it is opened, so a camera that is plugged in later is found when the broadcaster starts again.
/// </summary>
internal sealed partial class DefaultVideoSource(
    Func<CancellationToken, Task<IReadOnlyList<CameraDevice>>> listCameras,
    Func<CameraDevice, IVideoSource> openCamera,
    Func<string, IVideoSource> openPattern,
    FFmpegSourceOptions options,
    ILogger logger) : IVideoSource
{
    /// <summary>Of the source in use; before that of what is to come.</summary>
    public VideoSourceDescription Description { get; private set; } =
        new("default", "First camera, or the test pattern", options.Width, options.Height, options.FrameRate);

    public static DefaultVideoSource Create(TimeProvider timeProvider, ILogger logger, Action<FFmpegSourceOptions>? configure = null)
    {
        var options = new FFmpegSourceOptions();
        configure?.Invoke(options);
        options.Validate();

        // One origin for whatever is opened, so that timestamps never jump back from one source to the next.
        var origin = timeProvider.GetTimestamp();
        return new DefaultVideoSource(
            cancellationToken => CameraDevices.ListAsync(options.ExecutablePath, cancellationToken),
            camera => FFmpegSource.FromCamera(camera.Id, camera.Name, options, timeProvider, origin),
            caption => new TestPatternSource(options.Width, options.Height, options.FrameRate, timeProvider, caption) { Origin = origin },
            options,
            logger);
    }

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (first, whyPattern) = await FindAsync(cancellationToken);
        if (first is not null)
        {
            await using var camera = openCamera(first);
            Description = camera.Description;
            await using var frames = camera.ReadFramesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            if ((whyPattern = await TryOpenAsync(frames)) is null)
            {
                LogCamera(camera.Description.Name);
                do
                {
                    yield return frames.Current;
                }
                while (await frames.MoveNextAsync());

                yield break;
            }
        }

        LogPattern(Words.Sentence(whyPattern));
        await using var pattern = openPattern(first is null ? "no camera: test pattern" : "camera failed: test pattern");
        Description = pattern.Description;
        await foreach (var frame in pattern.ReadFramesAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<(CameraDevice? First, string? WhyNone)> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var cameras = await listCameras(cancellationToken);
            return cameras.Count > 0 ? (cameras[0], null) : (null, "no camera was found");
        }
        catch (VideoSourceException e)
        {
            return (null, e.Message);
        }
    }

    // A camera that cannot even be opened (no FFmpeg, device busy) is no reason to show nothing; one that fails later is reopened.
    private static async Task<string?> TryOpenAsync(IAsyncEnumerator<VideoFrame> frames)
    {
        try
        {
            return await frames.MoveNextAsync() ? null : "the camera yielded nothing";
        }
        catch (VideoSourceException e)
        {
            return e.Message;
        }
    }

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "Showing the camera {Camera}.")]
    private partial void LogCamera(string camera);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "Showing the test pattern: {Reason}")]
    private partial void LogPattern(string reason);
}
