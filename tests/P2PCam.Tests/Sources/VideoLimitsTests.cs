using System.Runtime.CompilerServices;
using P2PCam.Broadcasting;
using P2PCam.Codecs.Jpeg;
using P2PCam.Codecs.Vp8;

namespace P2PCam.Tests.Sources;

/// <summary>One set of limits: what the first part of the way takes, the last one takes as well, and what none takes is refused where it is said.</summary>
public class VideoLimitsTests
{
    public static TheoryData<int, int, double> OutOfRange => new()
    {
        { 4097, 480, 30 },
        { 640, 4097, 30 },
        { 8192, 8192, 30 },
        { 15, 480, 30 },
        { 0, 0, 30 },
        { -640, 480, 30 },
        { 640, 480, 0 },
        { 640, 480, -1 },
        { 640, 480, 1000 },
        { 640, 480, double.NaN },
        { 640, 480, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void WishesOutsideTheLimits_AreRefusedWhereTheyAreStated(int width, int height, double rate)
    {
        Assert.ThrowsAny<ArgumentException>(() => FFmpegSource.FromFile("a", configure: o => (o.Width, o.Height, o.FrameRate) = (width, height, rate)));
        Assert.ThrowsAny<ArgumentException>(() => new TestPatternSource(width, height, rate));
    }

    [Theory]
    [InlineData(4096, 4096, 240)]
    [InlineData(641, 481, 0.5)]
    [InlineData(33, 35, 0.1)]
    public void WishesWithinTheLimits_AreTaken(int width, int height, double rate)
    {
        Assert.Equal(rate, FFmpegSource.FromFile("a", configure: o => (o.Width, o.Height, o.FrameRate) = (width, height, rate)).Description.FrameRate);
        Assert.Equal(width, new TestPatternSource(width, height, rate).Description.Width);
    }

    [Theory]
    [InlineData(0, 0, double.NaN)]
    [InlineData(0, 0, -1)]
    [InlineData(0, 0, 1000)]
    [InlineData(-1, 0, 30)]
    [InlineData(640, 20_000, 30)]
    public void Descriptions_OfWhatNoVideoIs_AreRefused_AlsoWhenTheyAreChanged(int width, int height, double rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VideoSourceDescription("a", "A", width, height, rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VideoSourceDescription("a", "A") with { Width = width, Height = height, FrameRate = rate });
    }

    [Fact]
    public void Decoders_TakeWhatSourcesMayYield()
    {
        Assert.Equal((VideoLimits.LargestSide, VideoLimits.LargestSide), (new Vp8DecoderOptions().MaxWidth, new Vp8DecoderOptions().MaxHeight));
        Assert.Equal((VideoLimits.LargestSide, VideoLimits.LargestSide), (new JpegDecoderOptions().MaxWidth, new JpegDecoderOptions().MaxHeight));
    }

    [Fact]
    public void Channel_TooLargeForViewers_IsRefusedWithTheReason()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Width", () => new VideoFrameChannel(new VideoSourceDescription("a", "A", 5120, 2880)));
        var channel = new VideoFrameChannel(new VideoSourceDescription("a", "Screen"));
        var frame = VideoFrame.Rent(4098, 16, PixelFormat.I420, TimeSpan.Zero, out _);
        var error = Assert.Throws<ArgumentException>(() => channel.TryWrite(frame));
        Assert.Contains("'Screen' are 4098x16; viewers take 4096x4096", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForeignSource_ThatSaysItIsTooLarge_IsRefusedAtStart()
    {
        var error = Assert.Throws<VideoSourceException>(() => BroadcastSource.Of(new Foreign(8000, 4000)));
        Assert.Equal("P2P1030", error.Code);
    }

    private sealed class Foreign(int width, int height) : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new("f", "Foreign", width, height);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield break;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
