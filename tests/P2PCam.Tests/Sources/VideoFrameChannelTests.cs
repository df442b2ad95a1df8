namespace P2PCam.Tests.Sources;

public sealed class VideoFrameChannelTests : IDisposable
{
    private readonly VideoFrameChannel _channel = new(new VideoSourceDescription("push", "My pictures", 2, 2), capacity: 2);

    [Fact]
    public async Task TryWrite_BeyondTheCapacity_DropsAndDisposesTheOldest()
    {
        var frames = Enumerable.Range(1, 4).Select(Frame).ToArray();
        Assert.All(frames, frame => Assert.True(_channel.TryWrite(frame)));
        _channel.Complete();

        Assert.Equal([3, 4], await ReadAsync());
        Assert.Throws<ObjectDisposedException>(frames[0].AddReference);
        Assert.Throws<ObjectDisposedException>(frames[1].AddReference);
    }

    [Fact]
    public void TryWrite_AfterComplete_IsFalseAndDisposes()
    {
        _channel.Complete();
        var late = Frame(1);
        Assert.False(_channel.TryWrite(late));
        Assert.Throws<ObjectDisposedException>(late.AddReference);
    }

    [Fact]
    public async Task Complete_WithAnError_EndsReadersWithACodeAfterWhatWasWritten()
    {
        _channel.TryWrite(Frame(1));
        _channel.Complete(new InvalidOperationException("grabber died"));
        await using var frames = _channel.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        frames.Current.Dispose();
        var error = await Assert.ThrowsAsync<VideoSourceException>(async () => await frames.MoveNextAsync());
        Assert.Equal("P2P1010", error.Code);
        Assert.Contains("grabber died", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_WithASourceError_PassesThatVeryOne()
    {
        var error = new VideoSourceException("P2P1099", "mine");
        _channel.Complete(error);
        Assert.Same(error, await Assert.ThrowsAsync<VideoSourceException>(ReadAsync));
    }

    [Fact]
    public async Task DisposeAsync_ReleasesWhatWasNotRead()
    {
        var frame = Frame(1);
        _channel.TryWrite(frame);
        await _channel.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(frame.AddReference);
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task ReadFrames_WaitsForFramesAndEndsWhenCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await using var frames = _channel.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator();
        var next = frames.MoveNextAsync();
        Assert.False(next.IsCompleted);
        _channel.TryWrite(Frame(7));
        Assert.True(await next);
        frames.Current.Dispose();

        next = frames.MoveNextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Constructor_CapacityOutsideItsRange_Throws(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VideoFrameChannel(_channel.Description, capacity));

    public void Dispose() => _channel.Complete();

    private static VideoFrame Frame(int second) => VideoFrame.Copy(new byte[6], 2, 2, PixelFormat.I420, TimeSpan.FromSeconds(second));

    private async Task<List<int>> ReadAsync()
    {
        var seconds = new List<int>();
        await foreach (var frame in _channel.ReadFramesAsync())
        {
            using (frame)
            {
                seconds.Add((int)frame.Timestamp.TotalSeconds);
            }
        }

        return seconds;
    }
}
