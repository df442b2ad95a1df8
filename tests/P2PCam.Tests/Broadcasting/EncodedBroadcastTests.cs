using System.Net;

namespace P2PCam.Tests.Broadcasting;

/// <summary>Compressed video from a source to viewers, over real sockets.</summary>
public sealed class EncodedBroadcastTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly InMemorySignaling _signaling = new();
    private readonly List<IAsyncDisposable> _made = [];

    [Theory]
    [InlineData(VideoCodec.Vp8)]
    [InlineData(VideoCodec.H264)]
    public async Task Viewers_GetTheVeryBytesOfTheSource_AndNothingIsEncoded(VideoCodec codec)
    {
        var source = new EncodedTestSource(codec);
        var broadcaster = Create(source);
        await broadcaster.StartAsync();
        var (first, second) = (await JoinAsync(codec), await JoinAsync(VideoCodec.Vp8, codec));
        await UntilAsync(() => broadcaster.Viewers.Count(viewer => viewer.State == ViewerConnectionState.Connected) == 2);

        byte[][] written = [source.Write(codec, true), source.Write(codec, false), source.Write(codec, false)];
        foreach (var viewer in new[] { first, second })
        {
            foreach (var (bytes, index) in written.Select((bytes, index) => (bytes, index)))
            {
                var frame = await NextOfAsync(viewer, codec, bytes.Length);
                Assert.Equal(bytes, frame.Data);
                Assert.Equal(index == 0, frame.IsKeyFrame);
            }
        }

        Assert.All(broadcaster.Viewers, viewer => Assert.Equal(codec, viewer.Codec));
        var statistics = broadcaster.Statistics;
        Assert.Equal((3, 1, 0), (statistics.FramesRelayed, statistics.KeyFrames, statistics.FramesEncoded));
        Assert.InRange(statistics.KeyFramesAsked, 1, long.MaxValue);
    }

    [Fact]
    public async Task ViewerThatJoinsLater_BeginsWithAKeyFrameThatTheSourceIsAskedFor()
    {
        var source = new EncodedTestSource(VideoCodec.H264);
        var broadcaster = Create(source);
        await broadcaster.StartAsync();
        using var feed = source.Feed(VideoCodec.H264);
        var first = await JoinAsync(VideoCodec.H264);
        await first.NextFrameAsync();
        var asked = broadcaster.Statistics.KeyFramesAsked;
        var later = await JoinAsync(VideoCodec.H264);

        Assert.True((await later.NextFrameAsync()).IsKeyFrame);
        Assert.InRange(broadcaster.Statistics.KeyFramesAsked, asked + 1, long.MaxValue);
    }

    [Fact]
    public async Task H264CameraThatStalls_IsReplacedByTheVp8Slate_AndComesBack_InTheSameSession()
    {
        var source = new EncodedTestSource(VideoCodec.H264);
        var broadcaster = Create(source, options => options.SourceStallTimeout = TimeSpan.FromSeconds(2));
        await broadcaster.StartAsync();
        var viewer = await JoinAsync(VideoCodec.H264, VideoCodec.Vp8);
        for (var round = 0; round < 2; round++)
        {
            using (source.Feed(VideoCodec.H264))
            {
                var back = await viewer.NextFrameAsync();
                while (back.Codec != VideoCodec.H264)
                {
                    back = await viewer.NextFrameAsync();
                }

                Assert.True(back.IsKeyFrame);
            }

            await UntilAsync(() => broadcaster.State == BroadcasterState.SourceUnavailable);
            var slate = await viewer.NextFrameAsync();
            while (slate.Codec != VideoCodec.Vp8)
            {
                slate = await viewer.NextFrameAsync();
            }

            Assert.True(slate.IsKeyFrame);
        }

        Assert.Single(broadcaster.Viewers);
    }

    [Fact]
    public async Task ViewerThatCanDecodeNoneOfTheSourcesCodecs_IsRefusedByCode()
    {
        var broadcaster = Create(new EncodedTestSource(VideoCodec.H264));
        await broadcaster.StartAsync();
        foreach (var codec in new[] { VideoCodec.Vp8, VideoCodec.Av1 })
        {
            await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport(), "default", codec);
            var error = await viewer.OfferAndBeRefusedAsync();
            Assert.Equal("P2P2112", error.Code);
            Assert.Equal("The camera sends H.264, and this viewer can decode none of that.", error.Message);
        }

        Assert.Empty(broadcaster.Viewers);
    }

    [Fact]
    public async Task OurOwnEncodersCodec_IsRefusedByTheSameCode()
    {
        var broadcaster = Broadcaster.Create(new TestPatternSource(64, 64), _signaling.CreateTransport(), Options());
        _made.Add(broadcaster);
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport(), "default", VideoCodec.H264);

        Assert.Equal(("P2P2112", "The camera sends VP8, and this viewer can decode none of that."), await viewer.OfferAndBeRefusedAsync() is var e ? (e.Code, e.Message) : default);
    }

    [Fact]
    public async Task ViewerWithVp8Only_IsTakenWhileTheSourceMayYieldIt_AndToldOnceItYieldsH264()
    {
        var source = new EncodedTestSource(VideoCodec.Vp8, VideoCodec.H264);
        var broadcaster = Create(source);
        await broadcaster.StartAsync();
        var viewer = await JoinAsync(VideoCodec.Vp8);
        using (source.Feed(VideoCodec.H264))
        {
            var error = await viewer.NextAsync<ErrorMessage>();
            Assert.Equal(("P2P2112", "The camera sends H.264 now, which this viewer cannot decode."), (error.Code, error.Message));
        }

        using (source.Feed(VideoCodec.Vp8))
        {
            while ((await viewer.NextFrameAsync()).Data.Length != 3010)
            {
            }
        }

        Assert.Single(broadcaster.Viewers);
    }

    [Fact]
    public async Task ViewerWithoutVp8_HearsNoErrorBecauseOfTheSlate()
    {
        var source = new EncodedTestSource(VideoCodec.H264, VideoCodec.Vp8);
        var broadcaster = Create(source);
        await broadcaster.StartAsync();
        var viewer = await JoinAsync(VideoCodec.H264);
        await UntilAsync(() => broadcaster.Statistics.SlateFrames > 0);
        using (source.Feed(VideoCodec.H264))
        {
            Assert.Equal(VideoCodec.H264, (await viewer.NextFrameAsync()).Codec);
        }

        // The very first word of that kind: the slate, which it cannot see either, was none.
        using (source.Feed(VideoCodec.Vp8))
        {
            Assert.Contains("VP8", (await viewer.NextAsync<ErrorMessage>()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DotNetViewer_ReadsH264Compressed_AndSaysClearlyThatItDecodesNone()
    {
        var source = new EncodedTestSource(VideoCodec.H264);
        var broadcaster = Create(source);
        await broadcaster.StartAsync();
        using var feed = source.Feed(VideoCodec.H264);
        var viewer = CreateViewer();
        var pictures = Task.Run(async () =>
        {
            await foreach (var picture in viewer.ReadFramesAsync())
            {
                picture.Dispose();
            }
        });
        await viewer.ConnectAsync();
        await foreach (var frame in viewer.ReadEncodedFramesAsync())
        {
            using (frame)
            {
                if (frame.Codec == VideoCodec.H264)
                {
                    Assert.True(frame.IsKeyFrame);
                    Assert.Equal([0, 0, 0, 1, 0x67], frame.Data[..5].ToArray());
                    break;
                }
            }
        }

        Assert.Equal(VideoCodec.H264, viewer.GetStatistics().Codec);
        var error = await Assert.ThrowsAsync<P2PException>(() => pictures.WaitAsync(Limit));
        Assert.Equal("P2P2206", error.Code);
        Assert.Contains("H.264", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DotNetViewerThatTakesVp8Only_IsToldByCode()
    {
        var broadcaster = Create(new EncodedTestSource(VideoCodec.H264));
        await broadcaster.StartAsync();
        var viewer = CreateViewer(options => options.Codecs = [VideoCodec.Vp8]);

        Assert.Equal("P2P2112", (await Assert.ThrowsAsync<P2PException>(() => viewer.ConnectAsync())).Code);
    }

    [Fact]
    public async Task DotNetViewer_IsToldByCode_WhenTheCodecTurnsOutToBeMissing()
    {
        var source = new EncodedTestSource(VideoCodec.Vp8, VideoCodec.H264);
        var broadcaster = Create(source, options => options.Slate = false);
        await broadcaster.StartAsync();
        using var feed = source.Feed(VideoCodec.H264);
        await UntilAsync(() => broadcaster.State == BroadcasterState.Live);
        var viewer = CreateViewer(options => options.Codecs = [VideoCodec.Vp8]);

        Assert.Equal("P2P2112", (await Assert.ThrowsAsync<P2PException>(() => viewer.ConnectAsync())).Code);
    }

    [Fact]
    public void SourceWithoutACodec_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Broadcaster.Create(new EncodedTestSource(), _signaling.CreateTransport()));

    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_made))
        {
            await each.DisposeAsync();
        }
    }

    private static async Task<TestFrame> NextOfAsync(TestViewer viewer, VideoCodec codec, int length)
    {
        while (true)
        {
            var frame = await viewer.NextFrameAsync();
            if (frame.Codec == codec && frame.Data.Length == length)
            {
                return frame;
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

    // A busy machine must not look like a camera that stands still.
    private static BroadcasterOptions Options() =>
        new() { MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 300_000, SourceStallTimeout = TimeSpan.FromMinutes(1) };

    private IBroadcaster Create(IEncodedVideoSource source, Action<BroadcasterOptions>? configure = null)
    {
        var options = Options();
        configure?.Invoke(options);
        var broadcaster = Broadcaster.Create(source, _signaling.CreateTransport(), options);
        _made.Add(broadcaster);
        return broadcaster;
    }

    private IViewer CreateViewer(Action<ViewerOptions>? configure = null)
    {
        var options = new ViewerOptions { MediaAddresses = { IPAddress.Loopback } };
        configure?.Invoke(options);
        var viewer = Viewer.Create(_signaling.CreateTransport(), options);
        _made.Add(viewer);
        return viewer;
    }

    private async Task<TestViewer> JoinAsync(params VideoCodec[] codecs)
    {
        var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport(), "default", codecs);
        _made.Add(viewer);
        await viewer.WatchAsync();
        return viewer;
    }
}
