using System.Diagnostics;
using Xunit.Abstractions;

namespace P2PCam.Tests.Viewing;

public sealed class ViewerConnectionTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private readonly ViewerBed _bed = new();

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => _bed.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task Connect_ReturnsWhenPicturesArrive()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        Assert.Equal(ViewerState.Disconnected, viewer.State);

        await viewer.ConnectAsync();

        Assert.Equal(ViewerState.Live, viewer.State);
        Assert.Equal(CameraState.Live, viewer.CameraState);
        var statistics = viewer.GetStatistics();
        Assert.InRange(statistics.FramesReceived, 1, long.MaxValue);
        Assert.InRange(statistics.KeyFramesReceived, 1, statistics.FramesReceived);
        Assert.Equal((640, 360, VideoCodec.Vp8), (statistics.Width, statistics.Height, statistics.Codec));
        Assert.StartsWith("127.0.0.1:", statistics.RemoteAddress, StringComparison.Ordinal);
        Assert.NotNull(statistics.TimeToFirstFrame);
        Assert.InRange(statistics.Connections, 1, int.MaxValue);
        output.WriteLine($"Time to the first frame: {statistics.TimeToFirstFrame.Value.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task EncodedFrames_StartOnAKeyFrameAndHaveGrowingTimestamps()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();

        var frames = await TakeEncodedAsync(viewer, 40);

        Assert.True(frames[0].IsKeyFrame);
        Assert.All(frames, frame => Assert.NotEqual(0, frame.Length));
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.InRange(pair.Second.Timestamp - pair.First.Timestamp, TimeSpan.FromMilliseconds(25), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Connect_WithoutBroadcaster_ReturnsOffline_AndPicturesFollowWhenItComes()
    {
        var viewer = _bed.CreateViewer();
        var events = new ViewerEvents(viewer);

        await viewer.ConnectAsync();
        Assert.Equal(ViewerState.CameraOffline, viewer.State);
        await events.NextAsync(CameraState.Offline);

        await _bed.StartBroadcasterAsync();
        await events.NextAsync(CameraState.Live);
        await events.NextAsync(ViewerState.Live);
        Assert.Equal(3, (await TakeEncodedAsync(viewer, 3)).Count);
    }

    [Fact]
    public async Task BroadcasterThatRestarts_IsSeenAgainSoon()
    {
        var broadcaster = await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        var events = new ViewerEvents(viewer);
        await viewer.ConnectAsync();
        await events.NextAsync(ViewerState.Live);
        await using var frames = viewer.ReadEncodedFramesAsync().GetAsyncEnumerator();
        var before = await NextAsync(frames);

        await broadcaster.StopAsync();
        await events.NextAsync(ViewerState.CameraOffline);
        var start = Stopwatch.GetTimestamp();
        await broadcaster.StartAsync();
        await events.NextAsync(ViewerState.Live);
        output.WriteLine($"Picture back {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms after the broadcaster's start, by connection {viewer.GetStatistics().Connections}.");

        // What the reader gets goes on, on the same clock, with a key frame of the new session.
        var isKeyFrame = false;
        for (var i = 0; i < 100 && !isKeyFrame; i++)
        {
            var after = await NextAsync(frames);
            Assert.True(after.Timestamp > before.Timestamp);
            (before, isKeyFrame) = (after, after.IsKeyFrame);
        }

        Assert.True(isKeyFrame);
        Assert.InRange(viewer.GetStatistics().Connections, 2, int.MaxValue);
    }

    [Fact]
    public async Task SignalingThatBreaks_DoesNotTouchTheMedia_AndComesBack()
    {
        await _bed.StartBroadcasterAsync();
        var signaling = new ViewerBedSignaling(_bed.Signaling.CreateTransport());
        var viewer = _bed.CreateViewer(o => o.ReconnectDelay = TimeSpan.FromMilliseconds(50), signaling);
        var events = new ViewerEvents(viewer);
        await viewer.ConnectAsync();
        await events.NextAsync(ViewerState.Live);

        var connections = viewer.GetStatistics().Connections;
        signaling.RefuseToConnect = true;
        await signaling.CutAsync();
        await signaling.Refused.WaitAsync(ViewerBed.Limit);
        var during = viewer.GetStatistics().FramesReceived;
        await TakeEncodedAsync(viewer, 10);
        Assert.InRange(viewer.GetStatistics().FramesReceived, during + 5, long.MaxValue);

        signaling.RefuseToConnect = false;
        await signaling.Rejoined.WaitAsync(ViewerBed.Limit);
        await TakeEncodedAsync(viewer, 10);
        Assert.Equal((ViewerState.Live, connections), (viewer.State, viewer.GetStatistics().Connections));
    }

    [Theory]
    [InlineData(false, CameraState.Offline, ViewerState.CameraOffline)]
    [InlineData(true, CameraState.Slate, ViewerState.Live)]
    public async Task CameraThatFails_IsReportedAndComesBackInTheSameSession(bool slate, CameraState cameraMeanwhile, ViewerState viewerMeanwhile)
    {
        var channel = new VideoFrameChannel(new VideoSourceDescription("test", "Test", 64, 64, 30));
        await _bed.CreateBroadcaster(channel, configure: o => (o.Slate, o.SourceStallTimeout) = (slate, TimeSpan.FromSeconds(2))).StartAsync();
        var viewer = _bed.CreateViewer();
        var events = new ViewerEvents(viewer);
        using (Feed(channel))
        {
            await viewer.ConnectAsync();
            await events.NextAsync(CameraState.Live);
        }

        await events.NextAsync(cameraMeanwhile);
        if (viewerMeanwhile == ViewerState.CameraOffline)
        {
            await events.NextAsync(ViewerState.CameraOffline);
        }
        else
        {
            // Stills with words come in place of the pictures.
            var before = viewer.GetStatistics().KeyFramesReceived;
            await foreach (var still in viewer.ReadEncodedFramesAsync())
            {
                still.Dispose();
                if (viewer.GetStatistics().KeyFramesReceived > before + 1)
                {
                    break;
                }
            }
        }

        Assert.Equal(viewerMeanwhile, viewer.State);
        using (Feed(channel))
        {
            await events.NextAsync(CameraState.Live);
            if (!slate)
            {
                await events.NextAsync(ViewerState.Live);
            }
        }

        Assert.Equal(1, viewer.GetStatistics().Connections);
    }

    [Fact]
    public async Task SeveralConnects_OneAfterAnother_EachShowPictures()
    {
        var broadcaster = await _bed.StartBroadcasterAsync();
        using var left = new SemaphoreSlim(0);
        broadcaster.ViewerLeft += (_, _) => left.Release();
        var viewer = _bed.CreateViewer();
        for (var i = 0; i < 3; i++)
        {
            await viewer.ConnectAsync();
            await viewer.ConnectAsync();
            Assert.True((await TakeEncodedAsync(viewer, 2))[0].IsKeyFrame);
            await viewer.DisconnectAsync();
            Assert.Equal(ViewerState.Disconnected, viewer.State);
            Assert.InRange(viewer.GetStatistics().FramesReceived, 2, long.MaxValue);
            Assert.True(await left.WaitAsync(ViewerBed.Limit));
        }

        Assert.Empty(broadcaster.Viewers);
    }

    [Fact]
    public async Task Disconnect_EndsReadersAndTellsTheBroadcaster()
    {
        var broadcaster = await _bed.StartBroadcasterAsync();
        var left = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        broadcaster.ViewerLeft += (_, e) => left.TrySetResult(e.Viewer.LeaveReason);
        var viewer = _bed.CreateViewer();
        var reading = TakeEncodedAsync(viewer, int.MaxValue);
        await viewer.ConnectAsync();
        await TakeEncodedAsync(viewer, 2);

        await viewer.DisconnectAsync();

        Assert.NotEmpty(await reading.WaitAsync(ViewerBed.Limit));
        Assert.Equal("left", await left.Task.WaitAsync(ViewerBed.Limit));
    }

    [Fact]
    public async Task Dispose_WhileReadingAndConnecting_EndsBoth()
    {
        // A broadcaster that never answers.
        var silent = _bed.Signaling.CreateTransport();
        await silent.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        var viewer = _bed.CreateViewer();
        var reading = TakeEncodedAsync(viewer, 1);
        var connecting = viewer.ConnectAsync();

        await viewer.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting.WaitAsync(ViewerBed.Limit));
        Assert.Empty(await reading.WaitAsync(ViewerBed.Limit));
        Assert.Equal(ViewerState.Closed, viewer.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => viewer.ConnectAsync());
        await silent.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServerThatHangs_DoesNotHoldUpDisconnectOrDispose(bool dispose)
    {
        var hanging = new Moq.Mock<ISignalingTransport>();
        hanging.Setup(transport => transport.ConnectAsync(Moq.It.IsAny<SignalingJoin>(), Moq.It.IsAny<CancellationToken>()))
            .Returns((SignalingJoin _, CancellationToken token) => Task.Delay(Timeout.Infinite, token));
        var viewer = _bed.CreateViewer(signaling: hanging.Object);
        var connecting = viewer.ConnectAsync();

        await (dispose ? viewer.DisposeAsync().AsTask() : viewer.DisconnectAsync()).WaitAsync(ViewerBed.Limit);

        var error = await Record.ExceptionAsync(() => connecting.WaitAsync(ViewerBed.Limit));
        Assert.IsAssignableFrom(dispose ? typeof(ObjectDisposedException) : typeof(OperationCanceledException), error);
        Assert.Equal(dispose ? ViewerState.Closed : ViewerState.Disconnected, viewer.State);
    }

    [Fact]
    public async Task Connect_Cancelled_EndsAtOnceAndCanBeTriedAgain()
    {
        var silent = _bed.Signaling.CreateTransport();
        await silent.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        var viewer = _bed.CreateViewer();
        using var cancellation = new CancellationTokenSource();
        var connecting = viewer.ConnectAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(ViewerBed.Limit));
        Assert.Equal(ViewerState.Disconnected, viewer.State);
        await silent.DisposeAsync();
        await _bed.StartBroadcasterAsync();
        await viewer.ConnectAsync();
    }

    [Fact]
    public async Task Reading_Cancelled_ThrowsAndLeavesTheViewerConnected()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var frame in viewer.ReadEncodedFramesAsync(cancellation.Token))
            {
                frame.Dispose();
                await cancellation.CancelAsync();
            }
        });
        Assert.Equal(2, (await TakeEncodedAsync(viewer, 2)).Count);
    }

    [Fact]
    public async Task Refusal_IsThrownWithItsCode()
    {
        var broadcaster = _bed.CreateBroadcaster(configure: o => o.MaxViewers = 1);
        await broadcaster.StartAsync();
        await _bed.CreateViewer().ConnectAsync();
        var second = _bed.CreateViewer();

        var error = await Assert.ThrowsAsync<P2PException>(() => second.ConnectAsync());

        Assert.Equal("P2P2110", error.Code);
        Assert.Equal(ViewerState.Disconnected, second.State);
    }

    [Fact]
    public async Task BroadcasterThatDoesNotAnswer_EndsTheConnectWithItsCode()
    {
        await using var silent = _bed.Signaling.CreateTransport();
        await silent.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        var viewer = _bed.CreateViewer(o => o.ConnectTimeout = TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<P2PException>(() => viewer.ConnectAsync().WaitAsync(ViewerBed.Limit));

        Assert.Equal("P2P2202", error.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n")]
    public async Task AnswerThatIsOfNoUse_EndsTheConnectWithItsCode(string sdp)
    {
        await using var broken = _bed.Signaling.CreateTransport();
        await broken.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        var viewer = _bed.CreateViewer();
        var connecting = viewer.ConnectAsync();
        await foreach (var message in broken.ReadAllAsync())
        {
            if (message is OfferMessage offer)
            {
                await broken.SendAsync(new CandidateMessage("garbage") { Peer = offer.Peer });
                await broken.SendAsync(new AnswerMessage(sdp) { Peer = offer.Peer });
                break;
            }
        }

        Assert.Equal("P2P2203", (await Assert.ThrowsAsync<P2PException>(() => connecting.WaitAsync(ViewerBed.Limit))).Code);
    }

    [Fact]
    public async Task WithoutReconnect_ALostBroadcasterEndsInDisconnected()
    {
        var broadcaster = await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer(o => o.Reconnect = false);
        var events = new ViewerEvents(viewer);
        var reading = TakeEncodedAsync(viewer, int.MaxValue);
        await viewer.ConnectAsync();
        await TakeEncodedAsync(viewer, 2);

        await broadcaster.StopAsync();

        await events.NextAsync(ViewerState.Disconnected);
        Assert.NotEmpty(await reading.WaitAsync(ViewerBed.Limit));
    }

    [Fact]
    public void OptionOutOfRange_IsRefusedWithItsNameAndRange()
    {
        var error = Assert.Throws<ArgumentException>(() => _bed.CreateViewer(o => o.ConnectTimeout = TimeSpan.Zero));
        Assert.Contains("ConnectTimeout is 0 s; it takes 1 to 120 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("OutputFormat", Assert.Throws<ArgumentException>(() => _bed.CreateViewer(o => o.OutputFormat = PixelFormat.Nv12)).Message, StringComparison.Ordinal);
    }

    private static FrameFeed Feed(VideoFrameChannel channel) => new(channel);

    private static async Task<(bool IsKeyFrame, TimeSpan Timestamp)> NextAsync(IAsyncEnumerator<EncodedFrame> frames)
    {
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(ViewerBed.Limit));
        using var frame = frames.Current;
        return (frame.IsKeyFrame, frame.Timestamp);
    }

    private static async Task<List<(bool IsKeyFrame, TimeSpan Timestamp, int Length)>> TakeEncodedAsync(IViewer viewer, int count)
    {
        var taken = new List<(bool, TimeSpan, int)>();
        using var limit = new CancellationTokenSource(ViewerBed.Limit);
        await foreach (var frame in viewer.ReadEncodedFramesAsync(limit.Token))
        {
            using (frame)
            {
                taken.Add((frame.IsKeyFrame, frame.Timestamp, frame.Data.Length));
            }

            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
