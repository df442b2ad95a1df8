using System.Buffers;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Codecs.Tests.Frames;

public class VideoFrameTests
{
    [Theory]
    [InlineData(PixelFormat.I420, 15 + (2 * 6))]
    [InlineData(PixelFormat.Nv12, 15 + (2 * 6))]
    [InlineData(PixelFormat.Yuy2, 3 * 2 * 6)]
    [InlineData(PixelFormat.Bgra32, 15 * 4)]
    [InlineData(PixelFormat.Rgb24, 15 * 3)]
    public void GetByteCount_OfFiveByThree_RoundsChromaUp(PixelFormat format, int expected) =>
        Assert.Equal(expected, VideoFrame.GetByteCount(5, 3, format));

    [Fact]
    public void Copy_KeepsThePlanesApart()
    {
        var pixels = Enumerable.Range(0, 27).Select(i => (byte)i).ToArray();
        using var frame = VideoFrame.Copy(pixels, 5, 3, PixelFormat.I420, TimeSpan.FromSeconds(2));
        pixels.AsSpan().Clear();

        Assert.Equal((5, 3, 3, TimeSpan.FromSeconds(2)), (frame.Width, frame.Height, frame.PlaneCount, frame.Timestamp));
        Assert.Equal((5, 3, 3), (frame.GetStride(0), frame.GetStride(1), frame.GetStride(2)));
        Assert.Equal(Enumerable.Range(0, 15).Select(i => (byte)i), frame.GetPlane(0).ToArray());
        Assert.Equal(Enumerable.Range(15, 6).Select(i => (byte)i), frame.GetPlane(1).ToArray());
        Assert.Equal(Enumerable.Range(21, 6).Select(i => (byte)i), frame.GetPlane(2).ToArray());
    }

    [Theory]
    [InlineData(26)]
    [InlineData(28)]
    [InlineData(0)]
    public void CopyAndWrap_WrongLength_SayWhatWasExpected(int length)
    {
        var error = Assert.Throws<ArgumentException>("pixels", () => VideoFrame.Copy(new byte[length], 5, 3, PixelFormat.I420, default));
        Assert.Contains("takes 27 bytes", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("pixels", () => VideoFrame.Wrap(new byte[length], 5, 3, PixelFormat.I420, default));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    [InlineData(16384, 1)]
    [InlineData(1, 16384)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Rent_SizeOutsideItsRange_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VideoFrame.Rent(width, height, PixelFormat.I420, default, out _));

    [Fact]
    public void Rent_UnknownFormat_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VideoFrame.Rent(2, 2, (PixelFormat)99, default, out _));

    [Fact]
    public void GetStride_OfAPlaneThatIsNotThere_NamesTheFormat()
    {
        using var frame = Pixels.RandomFrame(4, 4, PixelFormat.Nv12);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => frame.GetStride(2));
        Assert.Contains("Nv12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_WithTwoOwners_ReleasesOnTheSecond()
    {
        var owner = new CountingOwner();
        var frame = VideoFrame.Wrap(new byte[4], 1, 1, PixelFormat.Bgra32, default, owner);
        Assert.Same(frame, frame.AddReference());

        frame.Dispose();
        Assert.Equal(0, owner.Disposed);
        Assert.Equal(4, frame.GetPlane(0).Length);

        frame.Dispose();
        Assert.Equal(1, owner.Disposed);
        Assert.Throws<ObjectDisposedException>(() => frame.GetPlane(0).Length);
        Assert.Throws<ObjectDisposedException>(frame.AddReference);
    }

    [Fact]
    public void Dispose_OnceTooOften_DoesNothing()
    {
        var owner = new CountingOwner();
        var frame = VideoFrame.Wrap(new byte[4], 1, 1, PixelFormat.Bgra32, default, owner);
        for (var i = 0; i < 4; i++)
        {
            frame.Dispose();
        }

        Assert.Throws<ObjectDisposedException>(frame.AddReference);
        frame.Dispose();
        Assert.Equal(1, owner.Disposed);
    }

    [Fact]
    public async Task AddReference_RacingWithDispose_ReleasesExactlyOnce()
    {
        for (var round = 0; round < 200; round++)
        {
            var owner = new CountingOwner();
            var frame = VideoFrame.Wrap(new byte[4], 1, 1, PixelFormat.Bgra32, default, owner);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => KeepAndLetGo(frame, isOwner: i == 0))));
            Assert.Equal(1, owner.Disposed);
        }
    }

    [Fact]
    public void RentAndDispose_InTheSteadyState_AllocatesTheFrameObjectOnly()
    {
        static void Cycle() => VideoFrame.Rent(1280, 720, PixelFormat.I420, default, out _).Dispose();
        Cycle();
        Assert.InRange(SteadyState.LeastAllocated(100, Cycle), 100, 100 * 200);
    }

    private static void KeepAndLetGo(VideoFrame frame, bool isOwner)
    {
        try
        {
            frame.AddReference().Dispose();
        }
        catch (ObjectDisposedException) when (!isOwner)
        {
            return;
        }

        if (isOwner)
        {
            frame.Dispose();
        }
    }

    private sealed class CountingOwner : IMemoryOwner<byte>
    {
        private int _disposed;

        public int Disposed => _disposed;

        public Memory<byte> Memory => default;

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }
}
