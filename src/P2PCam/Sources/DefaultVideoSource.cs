using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// What a broadcaster shows when nobody said what: the first camera, else the test pattern, with a log line that says why. While it shows the pattern it looks
/// for the camera again, and changes over to it.
/// </summary>
internal sealed partial class DefaultVideoSource(
    Func<CancellationToken, Task<IReadOnlyList<CameraDevice>>> listCameras,
    Func<CameraDevice, IVideoSource> openCamera,
    Func<string, IVideoSource> openPattern,
    FFmpegSourceOptions options,
    TimeProvider timeProvider,
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
            timeProvider,
            logger);
    }

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The camera that is found is read by this token, too, so it lives as long as the reading does.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var search = new CameraSearch(listCameras, openCamera, timeProvider);
        var found = await search.LookAsync(reading.Token);
        var last = TimeSpan.MinValue;
        while (found.Camera is null)
        {
            LogPattern(Words.Sentence(found.Reason));
            var looking = search.LookAgainAsync(found.Reason, reading.Token);
            var isOver = true;
            try
            {
                await using var pattern = openPattern(found.Caption);
                Description = pattern.Description;
                await foreach (var frame in pattern.ReadFramesAsync(reading.Token))
                {
                    last = frame.Timestamp;
                    yield return frame;
                    if (looking.IsCompleted)
                    {
                        isOver = false;
                        break;
                    }
                }
            }
            finally
            {
                if (isOver)
                {
                    await reading.CancelAsync();
                    await DropAsync(looking);
                }
            }

            if (isOver)
            {
                yield break;
            }

            found = await looking;
        }

        await using var camera = found.Camera;
        Description = camera.Source.Description;
        LogCamera(Description.Name);
        do
        {
            // Its first picture may be a moment older than the last one of the pattern.
            if (camera.Frames.Current.Timestamp <= last)
            {
                camera.Frames.Current.Dispose();
                continue;
            }

            Description = camera.Source.Description;
            yield return camera.Frames.Current;
        }
        while (await camera.Frames.MoveNextAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Nobody reads any more; a camera that was found at this very moment is closed again.
    private static async Task DropAsync(Task<CameraSearchResult> looking)
    {
        try
        {
            if ((await looking).Camera is { } camera)
            {
                await camera.DropAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "Showing the camera {Camera}.")]
    private partial void LogCamera(string camera);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "Showing the test pattern: {Reason}")]
    private partial void LogPattern(string reason);
}
