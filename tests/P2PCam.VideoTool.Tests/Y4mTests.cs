using System.Text;
using VideoTool.Containers;

namespace P2PCam.VideoTool.Tests;

public class Y4mTests
{
    [Theory]
    [InlineData(32, 16)]
    [InlineData(33, 17)]
    [InlineData(1, 1)]
    public void WriteAndRead_AnySize_GivesThePicturesAgain(int width, int height)
    {
        using var folder = new TemporaryFolder();
        TestVideo.WriteY4m(folder["a.y4m"], width, height, 3, new Rational(30000, 1001));
        using var reader = VideoFiles.OpenPictures(folder["a.y4m"]);
        Assert.Equal((width, height, new Rational(30000, 1001), 3L), (reader.Width, reader.Height, reader.FrameRate, reader.Frames));
        for (var number = 0; number < 3; number++)
        {
            using var expected = TestVideo.Picture(width, height, number);
            using var picture = reader.Read();
            Assert.Equal(TestVideo.Pixels(expected), TestVideo.Pixels(picture!));
        }

        Assert.Null(reader.Read());
    }

    [Theory]
    [InlineData("YUV4MPEG2 W4 H2 F25:1 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2")]
    [InlineData("YUV4MPEG2 W4 H2 F25:1 C420paldv")]
    [InlineData("YUV4MPEG2 H2 W4 F25:1")]
    public void Read_VariantsOf420_GivesThePicture(string header)
    {
        using var reader = Open(header + "\nFRAME Ixyz\n0123456789AB");
        Assert.Equal((4, 2, 25.0), (reader.Width, reader.Height, reader.FrameRate.Value));
        using var picture = reader.Read();
        Assert.Equal("0123456789AB"u8.ToArray(), TestVideo.Pixels(picture!));
    }

    [Theory]
    [InlineData("YUV4MPEG W4 H2", "YUV4MPEG2")]
    [InlineData("YUV4MPEG2 W4 H2 C422", "C422")]
    [InlineData("YUV4MPEG2 W4 H2 C420p10", "4:2:0")]
    [InlineData("YUV4MPEG2 W4 H2 It", "interlaced")]
    [InlineData("YUV4MPEG2 H2", "no width")]
    [InlineData("YUV4MPEG2 W99999 H2", "16383")]
    [InlineData("YUV4MPEG2 W-4 H2", "16383")]
    [InlineData("YUV4MPEG2 W4 H2 F30", "30:1")]
    public void Open_HeaderThatCannotBeRead_SaysWhatWouldBeRight(string header, string word) =>
        Assert.Contains(word, Assert.Throws<VideoFileException>(() => Open(header + "\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_CutOffOrNoFrame_IsSaid()
    {
        using var cut = Open("YUV4MPEG2 W4 H2 F25:1\nFRAME\n0123456789A");
        Assert.Contains("cut off", Assert.Throws<VideoFileException>(cut.Read).Message, StringComparison.Ordinal);
        using var other = Open("YUV4MPEG2 W4 H2 F25:1\nFRAMX\n0123456789AB");
        Assert.Contains("FRAME", Assert.Throws<VideoFileException>(other.Read).Message, StringComparison.Ordinal);
        Assert.Throws<VideoFileException>(() => Open("YUV4MPEG2 W4 " + new string('x', 2_000)));
    }

    private static Y4mReader Open(string text) => new(new MemoryStream(Encoding.Latin1.GetBytes(text)));
}
