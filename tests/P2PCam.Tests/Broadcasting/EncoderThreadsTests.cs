using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public class EncoderThreadsTests
{
    [Theory]
    [InlineData(640, 480, 30, 8, 1)]
    [InlineData(1280, 720, 60, 8, 1)]
    [InlineData(1920, 1080, 30, 8, 2)]
    [InlineData(1920, 1080, 60, 8, 3)]
    [InlineData(3840, 2160, 60, 8, 4)]
    [InlineData(3840, 2160, 60, 2, 2)]
    [InlineData(1920, 1080, 30, 1, 1)]
    public void For_FollowsSizeAndRate_UpToTheProcessors(int width, int height, double frameRate, int processors, int expected) =>
        Assert.Equal(expected, EncoderThreads.For(width, height, frameRate, processors));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(16, 8)]
    public void Partitions_IsAPowerOfTwo_UpToEight(int threads, int expected) => Assert.Equal(expected, EncoderThreads.Partitions(threads));
}
