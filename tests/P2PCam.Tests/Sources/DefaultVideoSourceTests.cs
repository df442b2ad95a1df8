using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace P2PCam.Tests.Sources;

public class DefaultVideoSourceTests
{
    private static readonly CameraDevice Webcam = new("/dev/video0", "Webcam");
    private readonly ListLogger _log = new();

    [Fact]
    public async Task WithACamera_ShowsTheFirstAndSaysSo()
    {
        await using var source = Create(() => [Webcam, new("/dev/video2", "Other")], new Scripted("Webcam", 3));
        Assert.Equal((640, 480), (source.Description.Width, source.Description.Height));
        Assert.Equal(3, await CountAsync(source));
        Assert.Equal("Webcam", source.Description.Name);
        Assert.Equal("Showing the camera Webcam.", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task WithoutACamera_ShowsThePatternAndSaysWhy()
    {
        await using var source = Create(() => [], new Scripted("Webcam", 3));
        Assert.Equal(5, await CountAsync(source));
        Assert.Equal("no camera: test pattern", source.Description.Name);
        Assert.Equal("Showing the test pattern: no camera was found.", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task WhenCamerasCannotBeListed_ShowsThePatternAndSaysWhy()
    {
        await using var source = Create(() => throw new VideoSourceException("P2P1001", "no FFmpeg"), new Scripted("Webcam", 3));
        Assert.Equal(5, await CountAsync(source));
        Assert.Contains("P2P1001: no FFmpeg", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CameraThatCannotBeOpened_IsReplacedByThePattern()
    {
        await using var source = Create(() => [Webcam], new Scripted("Webcam", 0, new VideoSourceException("P2P1005", "busy")));
        Assert.Equal(5, await CountAsync(source));
        Assert.Equal("camera in use: test pattern", source.Description.Name);
        Assert.Contains("P2P1005: busy", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CameraThatFailsLater_FailsSoThatItIsReopened()
    {
        await using var source = Create(() => [Webcam], new Scripted("Webcam", 2, new VideoSourceException("P2P1002", "unplugged")));
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => CountAsync(source));
        Assert.Equal("P2P1002", error.Code);
    }

    private DefaultVideoSource Create(Func<IReadOnlyList<CameraDevice>> list, Scripted camera) => new(
        _ => Task.FromResult(list()),
        device => device == Webcam ? camera : throw new InvalidOperationException("not the first camera"),
        caption => new Scripted(caption, 5),
        new FFmpegSourceOptions { Width = 640, Height = 480 },
        TimeProvider.System,
        _log);

    private static async Task<int> CountAsync(DefaultVideoSource source)
    {
        var count = 0;
        await foreach (var frame in source.ReadFramesAsync())
        {
            frame.Dispose();
            count++;
        }

        return count;
    }

    /// <summary>Yields some frames, then ends or fails.</summary>
    private sealed class Scripted(string name, int frames, VideoSourceException? error = null) : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new(name, name, 2, 2);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            for (var i = 0; i < frames; i++)
            {
                yield return VideoFrame.Copy(new byte[6], 2, 2, PixelFormat.I420, TimeSpan.FromSeconds(i));
            }

            if (error is not null)
            {
                throw error;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
