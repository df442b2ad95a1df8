using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class PacketizedFrameTests
{
    private readonly PacketizedFramePool _pool = new(4);

    private PacketizedFrame RentFilled()
    {
        var frame = _pool.Rent(8);
        frame.Begin(1, 8, 8, default);
        return frame;
    }

    [Fact]
    public void Release_LastUser_GivesTheFrameToTheNext()
    {
        var frame = RentFilled();
        frame.AddReference();
        frame.Release();
        Assert.NotSame(frame, RentFilled());
        frame.Release();
        Assert.Same(frame, _pool.Rent(8));
    }

    [Fact]
    public void Release_OnceTooOften_Throws()
    {
        var frame = RentFilled();
        frame.Release();
        Assert.Throws<InvalidOperationException>(frame.Release);
        Assert.Throws<InvalidOperationException>(frame.AddReference);
        Assert.Same(frame, _pool.Rent(8)); // and it is not in the pool twice
        Assert.NotSame(frame, _pool.Rent(8));
    }

    [Fact]
    public void Release_MoreFramesThanSlots_KeepsAsManyAsThereAre()
    {
        var frames = Enumerable.Range(0, 6).Select(_ => RentFilled()).ToList();
        frames.ForEach(frame => frame.Release());
        var again = Enumerable.Range(0, 6).Select(_ => RentFilled()).ToList();
        Assert.Equal(4, again.Intersect(frames).Count());
        Assert.Equal(6, again.Distinct().Count());
    }

    [Fact]
    public void Rent_SmallFrame_LeavesTheLargeBufferToTheNextLargeFrame()
    {
        var (large, small) = (_pool.Rent(1000), _pool.Rent(10));
        large.Begin(1, 1000, 1000, default);
        small.Begin(1, 10, 10, default);
        large.Release();
        small.Release();
        Assert.Same(small, _pool.Rent(9));
        Assert.Same(large, _pool.Rent(9));
    }

    [Fact]
    public void Release_AllSlotsTakenBySmallerBuffers_KeepsTheLargeOne()
    {
        var large = _pool.Rent(1000);
        large.Begin(1, 1000, 1000, default);
        var small = Enumerable.Range(0, 4).Select(_ => RentFilled()).ToList();
        small.ForEach(frame => frame.Release());
        large.Release();
        Assert.Same(large, _pool.Rent(1000));
    }

    [Fact]
    public void ManyThreads_RentingAndReleasing_NeverShareAFrame()
    {
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var frame = _pool.Rent(8);
                var buffer = frame.Begin(1, 8, 8, new FrameStamp((uint)worker, false, default, i));
                buffer.Fill((byte)worker);
                frame.AddReference();
                frame.Release();
                Assert.Equal(((uint)worker, (long)i), (frame.RtpTimestamp, frame.Sequence));
                Assert.False(frame.GetPayload(0).ContainsAnyExcept((byte)worker));
                frame.Release();
            }
        });
    }

    [Fact]
    public void GetPayload_OutsideTheFrame_Throws()
    {
        var frame = RentFilled();
        frame.Begin(2, 5, 3, default);
        Assert.Equal((5, 3), (frame.GetPayload(0).Length, frame.GetPayload(1).Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.GetPayload(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.GetPayload(-1).Length);
    }
}
