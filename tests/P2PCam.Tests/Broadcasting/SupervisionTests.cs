using System.Net;
using System.Runtime.CompilerServices;
using P2PCam.TestKit.Rtsp;
using P2PCam.Tests.Viewing;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Broadcasting;

/// <summary>What viewers see and hear when a source comes and goes, over real sockets.</summary>
public sealed class SupervisionTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly InMemorySignaling _signaling = new();
    private readonly VideoFrameChannel _channel = new(new VideoSourceDescription("test", "Test", 64, 64, 30));
    private readonly List<IBroadcaster> _made = [];

    [Fact]
    public async Task SourceThatStalls_IsReplacedByTheSlate_AndComesBackByAKeyFrameInTheSameSession()
    {
        var broadcaster = Create(_channel, options => options.SourceStallTimeout = TimeSpan.FromSeconds(2));
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        using (new FrameFeed(_channel))
        {
            await viewer.WatchAsync();
            Assert.Equal((64, 64), await NextKeyFrameSizeAsync(viewer));
        }

        Assert.NotEmpty((await NextStateAsync(viewer, CameraState.Slate)).Description!);
        Assert.Equal(BroadcasterState.SourceUnavailable, broadcaster.State);
        await UntilAsync(() => broadcaster.Statistics.SlateFrames >= 2);
        var slates = 0;
        while (slates < 2)
        {
            slates += (await viewer.NextFrameAsync()) is { IsKeyFrame: true } ? 1 : 0;
        }

        using (new FrameFeed(_channel))
        {
            await NextStateAsync(viewer, CameraState.Live);
            var encoded = broadcaster.Statistics.FramesEncoded;
            await UntilAsync(() => broadcaster.Statistics.FramesEncoded > encoded + 5);
            var first = await viewer.NextFrameAsync();
            while (first.IsKeyFrame)
            {
                first = await viewer.NextFrameAsync();
            }
        }

        Assert.InRange(broadcaster.Statistics.KeyFrames, 2, long.MaxValue);
        Assert.Single(broadcaster.Viewers);
    }

    [Fact]
    public async Task ViewerThatJoinsWhileThereIsNoPicture_SeesTheSlate()
    {
        var broadcaster = Create(new NoSource());
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.SourceUnavailable);
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());

        Assert.Equal(CameraState.Slate, (await viewer.NextAsync<CameraStateMessage>()).State);
        await viewer.WatchAsync();
        Assert.Equal((320, 240), await NextKeyFrameSizeAsync(viewer));
    }

    [Fact]
    public async Task SourceThatFails_SaysWhyToItsProgram_AndNotToViewers()
    {
        var failing = new TaskCompletionSource();
        var why = new TaskCompletionSource<string?>();
        var broadcaster = Create(new FailingSource(failing.Task, "no answer from rtsp://admin:secret@10.0.0.5"));
        broadcaster.StateChanged += (_, e) =>
        {
            if (e.Current == BroadcasterState.SourceUnavailable)
            {
                why.TrySetResult(e.Reason);
            }
        };
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await NextStateAsync(viewer, CameraState.Live);

        failing.SetResult();
        Assert.Equal("the camera gives no pictures at the moment", (await NextStateAsync(viewer, CameraState.Slate)).Description);
        Assert.Contains("rtsp://admin:secret@10.0.0.5", await why.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task WithoutSlate_ViewersAreToldThatTheCameraIsOffline_AndSeeNothing()
    {
        var broadcaster = Create(new NoSource(), options => options.Slate = false);
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.SourceUnavailable);
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());

        Assert.Equal(CameraState.Offline, (await viewer.NextAsync<CameraStateMessage>()).State);
        await viewer.WatchAsync();
        await viewer.NextEventAsync(PeerSessionEventKind.Connected);
        Assert.Equal((0, 0), (broadcaster.Statistics.SlateFrames, broadcaster.Viewers[0].FramesSent));
    }

    [Fact]
    public async Task SizeThatChanges_ReachesViewersInTheSameSession()
    {
        var broadcaster = Create(_channel);
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();
        using (new FrameFeed(_channel))
        {
            while (await NextKeyFrameSizeAsync(viewer) != (64, 64))
            {
            }
        }

        Assert.Equal((64, 64), (broadcaster.Statistics.Width, broadcaster.Statistics.Height));
        _channel.TryWrite(VideoFrame.Copy(new byte[96 * 80 * 3 / 2], 96, 80, PixelFormat.I420, TimeSpan.FromMilliseconds(Environment.TickCount64)));
        await UntilAsync(() => broadcaster.Statistics is { Width: 96, Height: 80 });
        while (await NextKeyFrameSizeAsync(viewer) != (96, 80))
        {
        }
    }

    [Fact]
    public async Task PicturesLargerThanViewersTake_AreSaidToBeSo_InsteadOfEncodedForNobody()
    {
        var broadcaster = Create(new HugeSource());
        string? reason = null;
        broadcaster.StateChanged += (_, e) => reason = e.Current == BroadcasterState.SourceUnavailable ? e.Reason : reason;
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.SourceUnavailable);
        await UntilAsync(() => reason is not null);
        Assert.Contains("P2P1030", reason, StringComparison.Ordinal);
        Assert.Contains("4100x64", reason, StringComparison.Ordinal);
    }

    [RtspTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CameraOfOneFrameASecond_IsShown_AndDoesNotFlapBetweenSlateAndPicture(bool passThrough)
    {
        await using var server = await RtspServer.StartAsync(rate: "1/1");
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } };
        await using var broadcaster = passThrough
            ? Broadcaster.Create(FFmpegEncodedSource.FromRtsp(server.Address), _signaling.CreateTransport(), options)
            : Broadcaster.Create(FFmpegSource.FromRtsp(server.Address, o => (o.Width, o.Height) = (320, 240)), _signaling.CreateTransport(), options);
        var interruptions = 0;
        broadcaster.StateChanged += (_, e) => interruptions += e is { Previous: BroadcasterState.Live, Current: BroadcasterState.SourceUnavailable } ? 1 : 0;
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.Live);
        var before = broadcaster.Statistics.FramesCaptured;
        await UntilAsync(() => broadcaster.Statistics.FramesCaptured >= before + 6);
        Assert.Equal(0, interruptions);
    }

    [Fact]
    public async Task CameraOffWhenUnwatched_IsOpenedForTheFirstViewer_AndClosedAfterTheLast()
    {
        var source = new CountingSource();
        var broadcaster = Create(source, options => (options.CameraOffWhenUnwatched, options.UnwatchedDelay) = (true, TimeSpan.FromMilliseconds(100)));
        var states = new List<BroadcasterState>();
        broadcaster.StateChanged += (_, e) => states.Add(e.Current);
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.Idle);
        Assert.Equal((0, 0), (source.Opened, source.Closed));
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, new BroadcasterHealthCheck(broadcaster).Check(default).Status);

        for (var round = 1; round <= 2; round++)
        {
            await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
            await viewer.WatchAsync();
            while (await NextKeyFrameSizeAsync(viewer) != (64, 64))
            {
            }

            Assert.Equal((round, round - 1), (source.Opened, source.Closed));
            viewer.Close();
            await UntilAsync(() => broadcaster.State == BroadcasterState.Idle);
            await UntilAsync(() => source.Closed == round);
        }

        await broadcaster.StopAsync();
        Assert.Equal(
            [BroadcasterState.Starting, BroadcasterState.Idle, BroadcasterState.Starting, BroadcasterState.Live, BroadcasterState.Idle],
            states.Take(5));
        Assert.Equal(BroadcasterState.Stopped, broadcaster.State);
    }

    [Theory]
    [InlineData(true, CameraState.Slate)]
    [InlineData(false, CameraState.Live)]
    public async Task ViewerThatJoinsWhileTheCameraIsOff_IsNotToldThatItIsOffline(bool slate, CameraState expected)
    {
        var broadcaster = Create(new CountingSource(), options => (options.CameraOffWhenUnwatched, options.Slate) = (true, slate));
        await broadcaster.StartAsync();
        await UntilAsync(() => broadcaster.State == BroadcasterState.Idle);
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());

        Assert.Equal(expected, (await viewer.NextAsync<CameraStateMessage>()).State);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broadcaster in _made)
        {
            await broadcaster.DisposeAsync();
        }
    }

    private static async Task<CameraStateMessage> NextStateAsync(TestViewer viewer, CameraState state)
    {
        while (true)
        {
            var message = await viewer.NextAsync<CameraStateMessage>();
            if (message.State == state)
            {
                return message;
            }
        }
    }

    private static async Task<(int Width, int Height)> NextKeyFrameSizeAsync(TestViewer viewer)
    {
        while (true)
        {
            var (data, isKeyFrame) = await viewer.NextFrameAsync();
            if (isKeyFrame && Vp8FrameTag.TryParse(data, out var tag))
            {
                return (tag.Width, tag.Height);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private IBroadcaster Create(IVideoSource source, Action<BroadcasterOptions>? configure = null)
    {
        // A busy machine must not look like a camera that stands still.
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 300_000, SourceStallTimeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        var broadcaster = Broadcaster.Create(source, _signaling.CreateTransport(), options);
        _made.Add(broadcaster);
        return broadcaster;
    }

    private sealed class HugeSource : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new("huge", "Huge");

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return VideoFrame.Rent(4100, 64, PixelFormat.I420, TimeSpan.Zero, out _);
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class NoSource : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new("none", "None", 320, 240, 30);

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(CancellationToken cancellationToken = default) => throw new VideoSourceException("P2P1099", "not there");

        public ValueTask DisposeAsync() => default;
    }

    private sealed class FailingSource(Task failing, string words) : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new("failing", "Failing", 64, 64, 30);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (failing.IsCompleted)
            {
                throw new IOException(words);
            }

            while (!failing.IsCompleted)
            {
                yield return VideoFrame.Copy(new byte[64 * 64 * 3 / 2], 64, 64, PixelFormat.I420, TimeSpan.FromMilliseconds(Environment.TickCount64));
                await Task.WhenAny(failing, Task.Delay(33, cancellationToken));
            }

            throw new IOException(words);
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class CountingSource : IVideoSource
    {
        private int _opened;
        private int _closed;

        public VideoSourceDescription Description { get; } = new("counting", "Counting", 64, 64, 30);

        public int Opened => Volatile.Read(ref _opened);

        public int Closed => Volatile.Read(ref _closed);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _opened);
            try
            {
                for (var number = 0; ; number++)
                {
                    yield return VideoFrame.Copy(new byte[64 * 64 * 3 / 2], 64, 64, PixelFormat.I420, TimeSpan.FromMilliseconds(20 * number));
                    await Task.Delay(20, cancellationToken);
                }
            }
            finally
            {
                Interlocked.Increment(ref _closed);
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}
