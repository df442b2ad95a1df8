using Microsoft.Extensions.Time.Testing;
using P2PCam.Sources.TestPattern;
using P2PCam.TestKit.Measuring;
using P2PCam.TestKit.Pictures;

namespace P2PCam.Tests.Sources;

public class TestPatternSourceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(640, 360)]
    [InlineData(320, 180)]
    [InlineData(175, 143)]
    [InlineData(68, 32)]
    [InlineData(360, 640)]
    public void Paint_AtAnySize_DrawsACodeStripThatReadsBack(int width, int height)
    {
        var painter = new TestPatternPainter(width, height, 30, "no camera: test pattern");
        var pixels = new byte[VideoFrame.GetByteCount(width, height, PixelFormat.I420)];
        foreach (var number in new[] { 0, 1, 255, 256, 65_535, 65_536, 0xABCDEF, 0xFF_FFFF })
        {
            painter.Paint(pixels, number, _time.GetUtcNow());
            Assert.Equal(number, CodeStripReader.Read(pixels, width, width, height));
        }
    }

    [Fact]
    public void CodeStrip_IsWhatItsDescriptionSays()
    {
        // 0x010203: checksum (1 + 2 + 3) ^ 0x5A = 0x5C.
        Assert.Equal(0b10_00000001_00000010_00000011_01011100L, CodeStrip.Encode(0x010203));
        var pixels = new byte[VideoFrame.GetByteCount(1280, 720, PixelFormat.I420)];
        new TestPatternPainter(1280, 720, 30, "").Paint(pixels, 0x010203, default);
        var rows = pixels.AsSpan(660 * 1280, 60 * 1280);
        for (var cell = 0; cell < 34; cell++)
        {
            var expected = ((0b10_00000001_00000010_00000011_01011100L >> (33 - cell)) & 1) != 0 ? 235 : 16;
            foreach (var row in new[] { 0, 30, 59 })
            {
                Assert.Equal(expected, rows[(row * 1280) + (cell * 1280 / 34)]);
                Assert.Equal(expected, rows[(row * 1280) + ((cell + 1) * 1280 / 34) - 1]);
            }
        }
    }

    [Fact]
    public void CodeStripReader_MeetsADamagedCell_ReturnsNull()
    {
        var pixels = new byte[VideoFrame.GetByteCount(680, 360, PixelFormat.I420)];
        new TestPatternPainter(680, 360, 30, "").Paint(pixels, 77, default);
        Assert.Equal(77, CodeStripReader.Read(pixels, 680, 680, 360));
        for (var row = 330; row < 360; row++)
        {
            pixels.AsSpan((row * 680) + (20 * 10), 20).Fill(235);
        }

        Assert.Null(CodeStripReader.Read(pixels, 680, 680, 360));
        Assert.Null(CodeStripReader.Read(new byte[680 * 360], 680, 680, 360));
    }

    [Fact]
    public void Paint_ShowsBarsClockAndMotion()
    {
        var painter = new TestPatternPainter(640, 360, 30, "caption");
        var (first, second) = (new byte[640 * 360 * 3 / 2], new byte[640 * 360 * 3 / 2]);
        painter.Paint(first, 10, _time.GetUtcNow());
        painter.Paint(second, 10, _time.GetUtcNow().AddMilliseconds(1));
        var clock = Differences(first, second);
        Assert.InRange(clock.Count, 1, 2000);
        Assert.All(clock, row => Assert.InRange(row, 210, 329));

        painter.Paint(second, 11, _time.GetUtcNow());
        Assert.Contains(Differences(first, second), row => row < 210);

        // The fourth of seven bars is green at 75 %: luma, U, V by BT.601.
        var (luma, chroma) = ((150 * 640) + 320, (75 * 320) + 160);
        Assert.Equal((112, 73, 58), (first[luma], first[(640 * 360) + chroma], first[(640 * 360 * 5 / 4) + chroma]));
    }

    [Fact]
    public void Paint_InTheSteadyState_AllocatesNothing()
    {
        var painter = new TestPatternPainter(320, 180, 30, "caption");
        var pixels = new byte[320 * 180 * 3 / 2];

        // Each digit is rendered once, at its first use.
        for (var i = 0; i < 1000; i++)
        {
            painter.Paint(pixels, i * 1111, DateTimeOffset.UnixEpoch.AddMilliseconds(i * 1_111_111L));
        }

        var frame = 0;
        Assert.Equal(0, SteadyState.LeastAllocated(100, () => painter.Paint(pixels, ++frame, DateTimeOffset.UnixEpoch.AddMilliseconds(frame))));
    }

    [Fact]
    public async Task ReadFrames_AtItsOwnPace_YieldsEveryFrameAtItsTime()
    {
        await using var source = new TestPatternSource(64, 48, 30, _time);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        for (var number = 0; number < 90; number++)
        {
            var next = frames.MoveNextAsync();
            while (!next.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }

            Assert.True(await next);
            using var frame = frames.Current;
            Assert.Equal(number, Number(frame));
            Assert.Equal(number / 30.0, frame.Timestamp.TotalSeconds, 6);
        }

        // 90 frames end at 2.967 s, not at 90 rounded intervals.
        Assert.InRange((_time.GetUtcNow() - _time.Start).TotalSeconds, 2.960, 2.970);
    }

    [Fact]
    public async Task ReadFrames_WhenTheReaderIsLate_SkipsToTheCurrentFrame()
    {
        await using var source = new TestPatternSource(64, 48, 25, _time);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await frames.MoveNextAsync();
        frames.Current.Dispose();
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await frames.MoveNextAsync());
        Assert.Equal(50, Number(frames.Current));
        Assert.Equal(TimeSpan.FromSeconds(2), frames.Current.Timestamp);
    }

    [Fact]
    public async Task ReadFrames_Again_GoesOnInTime()
    {
        await using var source = new TestPatternSource(64, 48, 25, _time);
        Assert.Equal((0, TimeSpan.Zero), await FirstAsync(source));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((100, TimeSpan.FromSeconds(4)), await FirstAsync(source));
    }

    [Fact]
    public async Task ReadFrames_Cancelled_Throws()
    {
        await using var source = new TestPatternSource(64, 48, 25, _time);
        using var cancellation = new CancellationTokenSource();
        await using var frames = source.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator();
        await frames.MoveNextAsync();
        var next = frames.MoveNextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Theory]
    [InlineData(31, 48, 30)]
    [InlineData(64, 16384, 30)]
    [InlineData(64, 48, 0)]
    [InlineData(64, 48, double.NaN)]
    [InlineData(64, 48, 241)]
    public void Constructor_OutsideItsRanges_Throws(int width, int height, double frameRate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TestPatternSource(width, height, frameRate));

    private static async Task<(int? Number, TimeSpan Timestamp)> FirstAsync(TestPatternSource source)
    {
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                return (Number(frame), frame.Timestamp);
            }
        }

        return default;
    }

    private static int? Number(VideoFrame frame) => CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), frame.Width, frame.Height);

    /// <summary>The luma rows of all pixels that differ in two pictures of 640x360.</summary>
    private static List<int> Differences(byte[] first, byte[] second) =>
        [.. Enumerable.Range(0, 640 * 360).Where(at => first[at] != second[at]).Select(at => at / 640)];
}
