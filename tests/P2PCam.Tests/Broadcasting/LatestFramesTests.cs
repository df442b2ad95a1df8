using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public class LatestFramesTests
{
    [Fact]
    public async Task ThirdFrameThatNobodyTook_ReplacesTheOldest()
    {
        using var frames = new LatestFrames();
        var first = Frame(1);

        Assert.False(frames.Put(first));
        Assert.False(frames.Put(Frame(2)));
        Assert.True(frames.Put(Frame(3)));

        using var second = await frames.TakeAsync(CancellationToken.None);
        using var third = await frames.TakeAsync(CancellationToken.None);
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)), (second.Timestamp, third.Timestamp));
        Assert.Throws<ObjectDisposedException>(() => first.GetPlane(0).Length);
    }

    [Fact]
    public async Task Take_WaitsForAFrameAndCanBeCancelled()
    {
        using var frames = new LatestFrames();
        using var ending = new CancellationTokenSource();
        var waiting = frames.TakeAsync(ending.Token);
        Assert.False(waiting.IsCompleted);

        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
    }

    private static VideoFrame Frame(int second) => VideoFrame.Copy(new byte[6], 2, 2, PixelFormat.I420, TimeSpan.FromSeconds(second));
}
