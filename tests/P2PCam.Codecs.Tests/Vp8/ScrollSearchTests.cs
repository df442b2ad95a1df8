using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Encoding;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class ScrollSearchTests
{
    private const int Width = 320;
    private const int Height = 720;

    [Theory]
    [InlineData(-255)]
    [InlineData(-66)]
    [InlineData(-40)]
    [InlineData(3)]
    [InlineData(180)]
    [InlineData(255)]
    public void Find_TextThatJumped_TellsByHowManyRows(int rows)
    {
        var search = new ScrollSearch(Width, Height);
        Assert.Equal(new MotionVector((short)(rows * 4), 0), search.Find(Text(300 + rows).Y, Text(300).Y));
    }

    [Fact]
    public void Find_TextUnderATitleThatStands_TellsByHowManyRows()
    {
        var (before, after) = (Text(300), Text(366));
        foreach (var picture in (FrameBuffer[])[before, after])
        {
            Fill(picture, 0, 48, 80);
        }

        Assert.Equal(new MotionVector(66 * 4, 0), new ScrollSearch(Width, Height).Find(after.Y, before.Y));
    }

    [Fact]
    public void Find_NothingThatJumped_IsZero()
    {
        var search = new ScrollSearch(Width, Height);
        Assert.Equal(default, search.Find(Text(300).Y, Text(300).Y));

        // A blank page in place of text fits nowhere better than at any other place.
        var blank = Text(300);
        Fill(blank, 0, Height, 128);
        Assert.Equal(default, search.Find(blank.Y, Text(300).Y));
    }

    [Fact]
    public void Find_AfterSearchesForNothing_PausesAndGoesOn()
    {
        var search = new ScrollSearch(Width, Height);
        var (blank, jumped) = (Text(300), new MotionVector(66 * 4, 0));
        Fill(blank, 0, Height, 128);
        search.Find(blank.Y, Text(300).Y);
        Assert.Equal(default, search.Find(Text(366).Y, Text(300).Y));
        Assert.Equal(jumped, search.Find(Text(366).Y, Text(300).Y));
    }

    [Fact]
    public void Find_PictureTooNarrowForABand_IsZero() => Assert.Equal(default, new ScrollSearch(16, 32).Find(new FrameBuffer(1, 2).Y, new FrameBuffer(1, 2).Y));

    private static unsafe FrameBuffer Text(int scrolled)
    {
        var (picture, pixels) = (new FrameBuffer(Width / 16, Height / 16), new byte[Width * Height]);
        Write(pixels, Width, Height, page: 0, scrolled);
        for (var y = 0; y < Height; y++)
        {
            pixels.AsSpan(y * Width, Width).CopyTo(new Span<byte>(picture.Y.At(0, y), Width));
        }

        return picture;
    }

    private static unsafe void Fill(FrameBuffer picture, int first, int count, byte value)
    {
        for (var y = first; y < first + count; y++)
        {
            new Span<byte>(picture.Y.At(0, y), Width).Fill(value);
        }
    }
}
