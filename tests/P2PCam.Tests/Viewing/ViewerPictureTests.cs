using P2PCam.TestKit.Pictures;
using Xunit.Abstractions;

namespace P2PCam.Tests.Viewing;

public sealed class ViewerPictureTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private readonly ViewerBed _bed = new();

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => _bed.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task Frames_AreTheBroadcastersPicturesInOrder()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();

        var numbers = await ReadNumbersAsync(viewer, 30, frame =>
        {
            Assert.Equal((640, 360, PixelFormat.I420), (frame.Width, frame.Height, frame.Format));
            return CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), 640, 360);
        });

        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{pair.Second} came after {pair.First}."));
        Assert.InRange(viewer.GetStatistics().FramesDecoded, 30, long.MaxValue);
    }

    [Theory]
    [InlineData(PixelFormat.Bgra32, 4)]
    [InlineData(PixelFormat.Rgb24, 3)]
    public async Task OutputFormat_IsWhatReadersGet(PixelFormat format, int bytesPerPixel)
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer(o => o.OutputFormat = format);
        await viewer.ConnectAsync();

        var numbers = await ReadNumbersAsync(viewer, 5, frame =>
        {
            Assert.Equal(format, frame.Format);
            return CodeStripReader.ReadPacked(frame.GetPlane(0), bytesPerPixel, 640, 360);
        });

        Assert.True(numbers[^1] > numbers[0]);
    }

    [Fact]
    public async Task LatestWins_AReaderThatWasAway_GetsANewPictureNext()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();
        await using var frames = viewer.ReadFramesAsync().GetAsyncEnumerator();
        var first = await NextAsync(frames);
        var decoded = viewer.GetStatistics().FramesDecoded;
        await UntilAsync(() => viewer.GetStatistics().FramesDecoded >= decoded + 20);

        Assert.InRange((await NextAsync(frames)) - first, TimeSpan.FromSeconds(0.5), TimeSpan.MaxValue);
        Assert.InRange(viewer.GetStatistics().FramesDropped, 15, long.MaxValue);
    }

    [Fact]
    public async Task EveryFrame_AReaderThatWasAway_MissesNothing()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer(o => (o.Delivery, o.MaxQueuedFrames) = (FrameDelivery.EveryFrame, 500));
        await using var frames = viewer.ReadFramesAsync().GetAsyncEnumerator();
        var first = NextAsync(frames);
        await viewer.ConnectAsync();
        await first;
        await UntilAsync(() => viewer.GetStatistics().FramesDecoded >= 20);

        for (var i = 1; i < 20; i++)
        {
            await NextAsync(frames);
        }

        var statistics = viewer.GetStatistics();
        Assert.Equal(0, statistics.FramesDropped);
        Assert.InRange(statistics.FramesDecoded, 20, statistics.FramesReceived);
    }

    [Fact]
    public async Task EveryFrame_AReaderThatStaysAway_KeepsABoundedNumber()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer(o => (o.Delivery, o.MaxQueuedFrames) = (FrameDelivery.EveryFrame, 3));
        await viewer.ConnectAsync();
        await using var frames = viewer.ReadFramesAsync().GetAsyncEnumerator();
        await NextAsync(frames);
        var decoded = viewer.GetStatistics().FramesDecoded;
        await UntilAsync(() => viewer.GetStatistics().FramesDecoded >= decoded + 10);

        Assert.InRange(viewer.GetStatistics().FramesDropped, 6, long.MaxValue);
    }

    [Fact]
    public async Task NothingIsDecodedWhileNobodyReads_AndWhoComesLaterGetsAPicture()
    {
        await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();
        await UntilAsync(() => viewer.GetStatistics().FramesReceived >= 50);
        Assert.Equal(0, viewer.GetStatistics().FramesDecoded);

        await ReadNumbersAsync(viewer, 3, frame => CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), 640, 360));
        Assert.InRange(viewer.GetStatistics().FramesDecoded, 3, long.MaxValue);
    }

    [Fact]
    public async Task TwoViewersAndTwoReadersEach_AllSeeThePicture()
    {
        await _bed.StartBroadcasterAsync();
        var viewers = new[] { _bed.CreateViewer(), _bed.CreateViewer() };
        await Task.WhenAll(viewers.Select(viewer => viewer.ConnectAsync()));

        var all = await Task.WhenAll(viewers.Concat(viewers).Select(viewer =>
            ReadNumbersAsync(viewer, 10, frame => CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), 640, 360))));

        Assert.All(all, numbers => Assert.True(numbers[^1] >= numbers[0] + 9));
    }

    [Fact]
    public async Task BroadcasterThatRestartsWithAnotherSize_IsShownInThatSize()
    {
        var first = await _bed.StartBroadcasterAsync();
        var viewer = _bed.CreateViewer();
        await viewer.ConnectAsync();
        await using var frames = viewer.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(ViewerBed.Limit));
        Assert.Equal(640, frames.Current.Width);
        frames.Current.Dispose();

        await first.DisposeAsync();
        await _bed.StartBroadcasterAsync(new TestPatternSource(320, 180));
        int width;
        do
        {
            Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(ViewerBed.Limit));
            width = frames.Current.Width;
            frames.Current.Dispose();
        }
        while (width == 640);
        Assert.Equal(320, width);
        Assert.Equal((320, 180), (viewer.GetStatistics().Width, viewer.GetStatistics().Height));
    }

    private static async Task<TimeSpan> NextAsync(IAsyncEnumerator<VideoFrame> frames)
    {
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(ViewerBed.Limit));
        using var frame = frames.Current;
        return frame.Timestamp;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(ViewerBed.Limit);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private async Task<List<int>> ReadNumbersAsync(IViewer viewer, int count, Func<VideoFrame, int?> read)
    {
        var numbers = new List<int>();
        using var limit = new CancellationTokenSource(ViewerBed.Limit);
        await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                if (read(frame) is { } number)
                {
                    numbers.Add(number);
                }
            }

            if (numbers.Count == count)
            {
                break;
            }
        }

        output.WriteLine($"Frames {numbers[0]} to {numbers[^1]}");
        return numbers;
    }
}
