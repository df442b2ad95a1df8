using System.Net;
using System.Runtime.CompilerServices;
using Moq;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Broadcasting;

public class BroadcasterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly InMemorySignaling _signaling = new();

    [Fact]
    public async Task Viewer_GetsAKeyFrameFirstAndThenMovingVideo()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();

        Assert.True((await viewer.NextFrameAsync()).IsKeyFrame);
        for (var i = 0; i < 10; i++)
        {
            await viewer.NextFrameAsync();
        }

        var info = Assert.Single(broadcaster.Viewers);
        Assert.Equal(ViewerConnectionState.Connected, info.State);
        Assert.StartsWith("127.0.0.1:", info.RemoteAddress, StringComparison.Ordinal);
        Assert.InRange(info.FramesSent, 10, long.MaxValue);
        Assert.Equal((320, 180), (broadcaster.Statistics.Width, broadcaster.Statistics.Height));
    }

    [Fact]
    public async Task ManyViewersAtOnce_CauseFewKeyFramesAndAreEncodedOnce()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        var viewers = new List<TestViewer>();
        for (var i = 0; i < 8; i++)
        {
            viewers.Add(await TestViewer.JoinAsync(_signaling.CreateTransport()));
        }

        await Task.WhenAll(viewers.Select(viewer => viewer.WatchAsync()));
        await Task.WhenAll(viewers.Select(async viewer => Assert.True((await viewer.NextFrameAsync()).IsKeyFrame)));

        var statistics = broadcaster.Statistics;
        Assert.InRange(statistics.KeyFrames, 1, 8);
        Assert.InRange(statistics.FramesEncoded, 1, statistics.FramesCaptured);
        Assert.Equal(8, broadcaster.Viewers.Count);
        foreach (var viewer in viewers)
        {
            await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task ViewerThatLeaves_IsReportedOnceWithItsReason()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        var joined = new TaskCompletionSource<ViewerInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource<ViewerInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        broadcaster.ViewerJoined += (_, e) => joined.SetResult(e.Viewer);
        broadcaster.ViewerLeft += (_, e) => left.SetResult(e.Viewer);
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport("test transport"));
        await viewer.WatchAsync();
        var info = await joined.Task.WaitAsync(Limit);
        Assert.Equal("test transport", info.Transport);
        await viewer.NextEventAsync(PeerSessionEventKind.Connected);

        viewer.Close();

        var gone = await left.Task.WaitAsync(Limit);
        Assert.Equal((info.Id, "left"), (gone.Id, gone.LeaveReason));
        Assert.Empty(broadcaster.Viewers);
    }

    [Fact]
    public async Task Stop_SaysGoodbyeInSignalingAndMedia()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();
        await viewer.NextFrameAsync();

        await broadcaster.StopAsync();

        Assert.Equal(PeerSessionCloseReason.PeerClosed, (await viewer.NextEventAsync(PeerSessionEventKind.Closed)).Reason);
        while ((await viewer.NextAsync<CameraStateMessage>()).State != CameraState.Offline)
        {
        }

        Assert.Equal(BroadcasterState.Stopped, broadcaster.State);
        Assert.Empty(broadcaster.Viewers);
    }

    [Fact]
    public async Task StopAndStart_ServesViewersAgain()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        await broadcaster.StopAsync();
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();

        Assert.True((await viewer.NextFrameAsync()).IsKeyFrame);
    }

    [Fact]
    public async Task Disconnect_EndsThatViewerOnly()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        await using var first = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await first.WatchAsync();
        await first.NextFrameAsync();
        var id = broadcaster.Viewers[0].Id;
        await using var second = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await second.WatchAsync();
        await second.NextFrameAsync();

        Assert.True(await broadcaster.DisconnectAsync(id, "enough"));
        Assert.False(await broadcaster.DisconnectAsync("no such viewer"));

        Assert.Equal("enough", (await first.NextAsync<ByeMessage>()).Reason);
        await first.NextEventAsync(PeerSessionEventKind.Closed);
        await second.NextFrameAsync();
    }

    [Fact]
    public async Task MoreViewersThanAllowed_AreRefusedByCode()
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180), o => o.MaxViewers = 1);
        await broadcaster.StartAsync();
        await using var first = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await first.WatchAsync();
        var second = _signaling.CreateTransport();
        await using var viewer = await TestViewer.JoinAsync(second);

        await second.SendAsync(new OfferMessage("v=0"));

        Assert.Equal("P2P2110", (await viewer.NextAsync<ErrorMessage>()).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\nnonsense")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")]
    public async Task OfferThatCannotBeAnswered_IsRefusedInWordsAndLeavesNothingBehind(string sdp)
    {
        await using var broadcaster = Create(new TestPatternSource(320, 180));
        await broadcaster.StartAsync();
        var transport = _signaling.CreateTransport();
        await using var viewer = await TestViewer.JoinAsync(transport);

        await transport.SendAsync(new OfferMessage(sdp));

        var error = await viewer.NextAsync<ErrorMessage>();
        Assert.Equal("P2P2111", error.Code);
        Assert.NotEmpty(error.Message);
        Assert.Empty(broadcaster.Viewers);
    }

    [Fact]
    public async Task SourceThatFails_IsReportedAndOpenedAgain()
    {
        var source = new Mock<IVideoSource>();
        var opened = 0;
        source.SetupGet(s => s.Description).Returns(new VideoSourceDescription("fake", "Fake", 64, 64, 30));
        source.Setup(s => s.ReadFramesAsync(It.IsAny<CancellationToken>())).Returns((CancellationToken ct) => Interlocked.Increment(ref opened) == 1 ? Fail() : Frames(ct));
        await using var broadcaster = Create(source.Object);
        var states = new List<BroadcasterState>();
        var live = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broadcaster.StateChanged += (_, e) =>
        {
            states.Add(e.Current);
            if (opened > 1 && e.Current == BroadcasterState.Live)
            {
                live.TrySetResult();
            }
        };

        await broadcaster.StartAsync();
        await live.Task.WaitAsync(Limit);

        Assert.Equal([BroadcasterState.Starting, BroadcasterState.Live, BroadcasterState.SourceUnavailable, BroadcasterState.Live], states);
    }

    [Fact]
    public async Task Start_TakenPort_SaysWhichAndCanBeTriedAgain()
    {
        await using var first = Create(new TestPatternSource(320, 180));
        using var taken = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        await using var broadcaster = Create(new TestPatternSource(320, 180), o => o.MediaPort = port);

        var error = await Assert.ThrowsAsync<P2PException>(() => broadcaster.StartAsync());

        Assert.Equal("P2P2101", error.Code);
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
        Assert.Equal(BroadcasterState.Stopped, broadcaster.State);
        await broadcaster.StopAsync();
        taken.Dispose();
        await broadcaster.StartAsync();
        Assert.NotEqual(BroadcasterState.Stopped, broadcaster.State);
    }

    private static async IAsyncEnumerable<VideoFrame> Fail()
    {
        yield return Frame();
        await Task.Yield();
        throw new VideoSourceException("P2P1099", "pulled out");
    }

    private static async IAsyncEnumerable<VideoFrame> Frames([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            yield return Frame();
            await Task.Delay(20, cancellationToken);
        }
    }

    private static VideoFrame Frame() => VideoFrame.Copy(new byte[64 * 64 * 3 / 2], 64, 64, PixelFormat.I420, TimeSpan.FromTicks(Environment.TickCount64));

    private IBroadcaster Create(IVideoSource source, Action<BroadcasterOptions>? configure = null)
    {
        // A busy machine must not look like a camera that stands still.
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 300_000, SourceStallTimeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        return Broadcaster.Create(source, _signaling.CreateTransport(), options);
    }
}
