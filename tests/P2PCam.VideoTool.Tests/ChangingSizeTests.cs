using P2PCam.TestKit;
using VideoTool.Containers;

namespace P2PCam.VideoTool.Tests;

/// <summary>
/// VP8 streams of calls change their size at a key frame, often twice a minute: pictures go on in the size of the first one.
/// </summary>
public class ChangingSizeTests
{
    [Theory]
    [InlineData("ivf", 64, 48, 32, 24)]
    [InlineData("webm", 64, 48, 32, 24)]
    [InlineData("ivf", 32, 24, 64, 48)]
    [InlineData("ivf", 65, 47, 33, 90)]
    [InlineData("webm", 16, 16, 640, 360)]
    public void Decode_SizeThatChanges_GivesAllPicturesInTheFirstSize(string extension, int width, int height, int laterWidth, int laterHeight)
    {
        using var folder = new TemporaryFolder();
        var (file, decoded) = (folder["a." + extension], folder["a.y4m"]);
        TestVideo.Write(file, [.. TestVideo.Encode(width, height, 7), .. TestVideo.Encode(laterWidth, laterHeight, 8), .. TestVideo.Encode(width, height, 5)], new Rational(20, 1), width, height);

        var result = Programs.VideoTool("decode", file, decoded);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains($"20 pictures of {width}x{height}", result.Output, StringComparison.Ordinal);
        Assert.Equal($"From frame 7 on the stream has pictures of {laterWidth}x{laterHeight}; what is not {width}x{height}, the first one's size, is scaled to it.", result.Errors.Trim());
        Assert.Equal("", Programs.VideoTool("decode", file, decoded, "--quiet").Errors);
        using var reader = VideoFiles.OpenPictures(decoded);
        for (var i = 0; i < 20; i++)
        {
            using var picture = reader.Read();
            Assert.Equal((width, height), (picture!.Width, picture.Height));
        }

        result = Programs.VideoTool("info", file);
        Assert.Contains($"{laterWidth}x{laterHeight}", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, Programs.VideoTool("encode", file, folder["b.ivf"]).ExitCode);
    }

    [Fact]
    public void Decode_PicturesOfTheFirstSize_AreUntouched_AlsoAfterAChange()
    {
        using var folder = new TemporaryFolder();
        var frames = TestVideo.Encode(64, 48, 6);
        TestVideo.Write(folder["a.ivf"], [.. frames, .. TestVideo.Encode(32, 24, 6), .. frames], new Rational(30, 1), 64, 48);
        using var reader = VideoFiles.OpenPictures(folder["a.ivf"]);
        var pictures = new List<byte[]>();
        while (reader.Read() is { } picture)
        {
            pictures.Add(TestVideo.Pixels(picture));
            picture.Dispose();
        }

        Assert.Equal(18, pictures.Count);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(pictures[i], pictures[i + 12]));
    }

    [ToolFact("ffmpeg")]
    public void Decode_SizeThatChanges_IsLikeWhatFFmpegMakes()
    {
        using var folder = new TemporaryFolder();
        Programs.FFmpeg("-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-frames:v", "5", "-c:v", "libvpx", "-b:v", "2M", folder["1.ivf"]);
        Programs.FFmpeg("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10", "-frames:v", "5", "-c:v", "libvpx", "-b:v", "2M", folder["2.ivf"]);
        var frames = TestVideo.Read(folder["1.ivf"]).Concat(TestVideo.Read(folder["2.ivf"])).Select(frame => (frame.Data, (frame.Data[0] & 1) == 0)).ToList();
        TestVideo.Write(folder["a.ivf"], frames, new Rational(10, 1), 320, 240);
        Programs.FFmpeg("-i", folder["a.ivf"], "-sws_flags", "bilinear", "-pix_fmt", "yuv420p", folder["theirs.y4m"]);
        Programs.VideoTool("decode", folder["a.ivf"], folder["ours.y4m"]);

        var result = Programs.VideoTool("psnr", folder["theirs.y4m"], folder["ours.y4m"]);
        Assert.Contains("10 pictures of 320x240", result.Output, StringComparison.Ordinal);
        var lowest = result.Output.Split('\n').Single(line => line.StartsWith("lowest", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(double.Parse(lowest[1], System.Globalization.CultureInfo.InvariantCulture), 30, 100);
    }
}
