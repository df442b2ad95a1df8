using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using P2PCam.TestKit;
using P2PCam.Tests.Sources.FFmpegEncoded;

namespace P2PCam.Tests.Sources;

/// <summary>What is shown where nobody said what, while the camera is not to be had, and when it is.</summary>
public sealed class CameraSearchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly CameraDevice Webcam = new("/dev/video0", "Webcam");
    private readonly Clips _clips = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly List<string> _captions = [];
    private Func<IReadOnlyList<CameraDevice>> _list = () => [Webcam];
    private Func<VideoSourceException?> _obstacle = () => null;
    private int _opened;
    private int _closed;

    [Fact]
    public async Task CameraThatIsBusyAtStart_IsShownOnceItIsFree_WithoutAnybodysDoing()
    {
        _obstacle = () => new VideoSourceException("P2P1005", "busy");
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        Assert.Equal("camera in use: test pattern", await NextAsync(frames));
        _obstacle = () => null;
        Assert.Equal("Webcam", await UntilAsync(frames, name => name == "Webcam"));
        Assert.Equal(["Showing the test pattern: P2P1005: busy.", "Showing the camera Webcam."], _log.GetSnapshot().Select(record => record.Message));
    }

    [Fact]
    public async Task CameraThatIsPluggedInLater_IsShown()
    {
        _list = () => [];
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        Assert.Equal("no camera: test pattern", await NextAsync(frames));
        _list = () => [Webcam];
        Assert.Equal("Webcam", await UntilAsync(frames, name => name == "Webcam"));
    }

    [Fact]
    public async Task ListThatFailsOnce_AndForAnyReason_IsAskedAgain()
    {
        var asked = 0;
        _list = () => asked++ == 0 ? throw new IOException("sysfs is gone") : [Webcam];
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        Assert.Equal("no camera: test pattern", await NextAsync(frames));
        Assert.Equal("Webcam", await UntilAsync(frames, name => name == "Webcam"));
    }

    [Fact]
    public async Task WordsFollowTheReason_AndEachIsLoggedOnce()
    {
        VideoSourceException missing = new("P2P1001", "no FFmpeg"), forbidden = new("P2P1006", "not in the group"), busy = new("P2P1005", "busy");
        _obstacle = () => missing;
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        Assert.Equal("FFmpeg is missing: test pattern", await NextAsync(frames));
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("FFmpeg is missing: test pattern", await NextAsync(frames));
        }

        _obstacle = () => forbidden;
        await UntilAsync(frames, name => name == "camera not allowed: test pattern");
        _obstacle = () => busy;
        await UntilAsync(frames, name => name == "camera in use: test pattern");
        _list = () => [];
        await UntilAsync(frames, name => name == "no camera: test pattern");
        Assert.Equal(4, _log.GetSnapshot().Count);
    }

    [Fact]
    public async Task Looking_BecomesRarer_ButNeverRarerThanTenSeconds()
    {
        _obstacle = () => new VideoSourceException("P2P1005", "busy");
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        await NextAsync(frames);
        for (var i = 0; i < 600; i++)
        {
            await NextAsync(frames);
        }

        // 60 s by steps of 100 ms: at 1, 3, 7, 15, 25, 35, 45 and 55 s, and at the start.
        Assert.InRange(_opened, 8, 10);
        Assert.Equal(_opened, _closed);
    }

    [Fact]
    public async Task ReaderThatStopsWhileThePatternIsShown_LeavesNothingOpen()
    {
        _obstacle = () => new VideoSourceException("P2P1005", "busy");
        await using (var frames = Create().ReadFramesAsync().GetAsyncEnumerator())
        {
            await NextAsync(frames);
            _obstacle = () => null;
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(_opened, _closed);
    }

    [Fact]
    public async Task Timestamps_NeverRunBack_WhenTheCameraTakesOver()
    {
        _obstacle = () => new VideoSourceException("P2P1005", "busy");
        await using var frames = Create().ReadFramesAsync().GetAsyncEnumerator();
        var last = TimeSpan.MinValue;
        for (var i = 0; i < 40; i++)
        {
            _obstacle = () => i > 5 ? null : new VideoSourceException("P2P1005", "busy");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Limit));
            Assert.True(frames.Current.Timestamp > last, $"{frames.Current.Timestamp} after {last}");
            last = frames.Current.Timestamp;
            frames.Current.Dispose();
        }
    }

    [ToolFact("ffmpeg")]
    public async Task CaseFromTheField_FFmpegThatFailsWithBusyUntilAFileExists_ComesToTheCamera()
    {
        var free = _clips.PathOf("free");
        var script = _clips.MakeScript(
            "ffmpeg",
            $"if [ ! -e '{free}' ]; then echo '/dev/video0: Device or resource busy' >&2; exit 1; fi\n"
            + "exec ffmpeg -v error -f lavfi -i testsrc2=size=160x120:rate=30 -vf realtime -f rawvideo -pix_fmt yuv420p pipe:1");
        var options = new FFmpegSourceOptions { ExecutablePath = script, Width = 160, Height = 120 };
        var origin = TimeProvider.System.GetTimestamp();
        var source = new DefaultVideoSource(
            _ => Task.FromResult<IReadOnlyList<CameraDevice>>([Webcam]),
            camera => FFmpegSource.FromCamera(camera.Id, camera.Name, options, TimeProvider.System, origin),
            caption => new TestPatternSource(options.Width, options.Height, 30, TimeProvider.System, caption) { Origin = origin },
            options,
            TimeProvider.System,
            new FakeLogger(_log));
        using var limit = new CancellationTokenSource(Limit);
        var seen = 0;
        await foreach (var frame in source.ReadFramesAsync(limit.Token))
        {
            frame.Dispose();
            if (++seen == 5)
            {
                Assert.Contains("in use", _log.LatestRecord.Message, StringComparison.Ordinal);
                await File.WriteAllTextAsync(free, "");
            }

            if (source.Description.Name == "Webcam")
            {
                break;
            }
        }

        Assert.Equal("Showing the camera Webcam.", _log.LatestRecord.Message);
    }

    public void Dispose() => _clips.Dispose();

    private DefaultVideoSource Create() => new(
        _ => Task.FromResult(_list()),
        _ => new Scripted(this, "Webcam", isCamera: true),
        caption => new Scripted(this, caption, isCamera: false),
        new FFmpegSourceOptions(),
        _time,
        new FakeLogger(_log));

    // Time goes on by a tenth of a second for each picture.
    private async Task<string> NextAsync(IAsyncEnumerator<VideoFrame> frames)
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Limit));
        frames.Current.Dispose();
        return _captions[^1];
    }

    private async Task<string> UntilAsync(IAsyncEnumerator<VideoFrame> frames, Func<string, bool> condition)
    {
        for (var i = 0; i < 10_000; i++)
        {
            if (await NextAsync(frames) is var name && condition(name))
            {
                return name;
            }
        }

        throw new InvalidOperationException($"Still showing '{_captions[^1]}'.");
    }

    /// <summary>Yields a picture for each time it is asked, as of now.</summary>
    private sealed class Scripted(CameraSearchTests test, string name, bool isCamera) : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new(name, name, 2, 2);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            test._opened += isCamera ? 1 : 0;
            while (!cancellationToken.IsCancellationRequested)
            {
                if (isCamera && test._obstacle() is { } obstacle)
                {
                    throw obstacle;
                }

                test._captions.Add(name);
                yield return VideoFrame.Copy(new byte[6], 2, 2, PixelFormat.I420, test._time.GetElapsedTime(0));
            }
        }

        public ValueTask DisposeAsync()
        {
            test._closed += isCamera ? 1 : 0;
            return ValueTask.CompletedTask;
        }
    }
}
