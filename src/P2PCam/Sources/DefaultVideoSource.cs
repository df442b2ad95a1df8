using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// What a broadcaster shows when nobody said what: the first camera, else the test pattern. Chosen anew each time it is opened, so a camera that is plugged
/// in later is found when the broadcaster starts again.
/// </summary>
internal sealed partial class DefaultVideoSource(
    Func<CancellationToken, Task<IReadOnlyList<CameraDevice>>> listCameras,
    Func<CameraDevice, IVideoSource> openCamera,
    Func<string, IVideoSource> openPattern,
    ILogger logger) : IVideoSource
{
    private VideoSourceDescription _description = new("default", "First camera, or the test pattern", 1280, 720, 30);

    public VideoSourceDescription Description => _description;

    public static DefaultVideoSource Create(TimeProvider timeProvider, ILogger logger, Action<FFmpegSourceOptions>? configure = null)
    {
        var options = new FFmpegSourceOptions();
        configure?.Invoke(options);
        return new DefaultVideoSource(
            cancellationToken => CameraDevices.ListAsync(options.ExecutablePath, cancellationToken),
            camera => FFmpegSource.FromCamera(camera.Id, camera.Name, configure, timeProvider),
            caption => new TestPatternSource(options.Width, options.Height, options.FrameRate, timeProvider, caption),
            logger);
    }

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cameras = await listCameras(cancellationToken);
        string? whyPattern = cameras.Count == 0 ? "no camera was found" : null;
        if (cameras.Count > 0)
        {
            await using var camera = openCamera(cameras[0]);
            _description = camera.Description;
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

        LogPattern(whyPattern!);
        await using var pattern = openPattern(cameras.Count == 0 ? "no camera: test pattern" : "camera failed: test pattern");
        _description = pattern.Description;
        await foreach (var frame in pattern.ReadFramesAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A camera that cannot even be opened (no FFmpeg, device busy) is no reason to show nothing; one that fails later is reopened by the pump.
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

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "Showing the test pattern: {Reason}.")]
    private partial void LogPattern(string reason);
}
