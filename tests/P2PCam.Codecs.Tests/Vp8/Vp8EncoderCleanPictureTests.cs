using System.Buffers;
using P2PCam.Codecs.Vp8;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>What the eye sees first: dirt where the picture is even, left behind by what moved there.</summary>
public class Vp8EncoderCleanPictureTests
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Paper = 235;
    private const int LineHeight = 19;

    /// <summary>Dots hung under glyphs, and blank areas were streaked by 0.5 to 1.6 levels.</summary>
    [Theory]
    [InlineData(60_000, 2)]
    [InlineData(100_000, 1)]
    [InlineData(150_000, 3)]
    [InlineData(200_000, 5)]
    public void Encode_TextThatScrolls_LeavesBlankAreasClean(int bitrate, int speed)
    {
        var even = Run(bitrate, 90, 30, (plane, index) => ScrollingPage(plane, index * speed));
        Assert.True(even.Pixels > 30 * Width * Height / 10, $"{even.Pixels} pixels are blank: the page is too full to tell.");
        Assert.InRange(even.MeanError, 0, 0.25);
    }

    /// <summary>A clean camera's even wall kept half a level of what had passed in front of it, for good, while there were bits left.</summary>
    [Theory]
    [InlineData(150_000)]
    [InlineData(300_000)]
    public void Encode_ThingsThatPassAnEvenWall_LeaveNothingBehind(int bitrate)
    {
        var even = Run(bitrate, 90, 60, (plane, index) => RoomWithPasserBy(plane, index));
        Assert.True(even.Pixels > 0);
        Assert.InRange(even.MeanError, 0, 0.1);
    }

    private static EvenAreas Run(int bitrate, int count, int first, Action<byte[], int> paint)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = Width, Height = Height, TargetBitrate = bitrate, DropFrames = false });
        var (even, output, plane) = (new EvenAreas(), new ArrayBufferWriter<byte>(), new byte[Width * Height]);
        for (var index = 0; index < count; index++)
        {
            using var frame = VideoFrame.Rent(Width, Height, PixelFormat.I420, TimeSpan.FromSeconds(index / 30.0), out var memory);
            paint(plane, index);
            plane.CopyTo(memory.Span);
            memory.Span[plane.Length..].Fill(128);
            output.ResetWrittenCount();
            encoder.Encode(frame, false, output);
            if (index >= first)
            {
                even.Add(plane, Pixels(encoder.Reconstruction, Width, Height), Width, Height);
            }
        }

        return even;
    }

    // Two lines of text, then two that are blank; a third of the page is margin.
    private static void ScrollingPage(byte[] plane, int scrolled)
    {
        Write(plane, Width, Height, 0, scrolled);
        for (var y = 0; y < Height; y++)
        {
            var isBlank = (y + scrolled) / LineHeight % 4 > 1;
            for (var x = 0; x < Width; x++)
            {
                ref var pixel = ref plane[(y * Width) + x];
                pixel = isBlank || x > Width * 2 / 3 || pixel > Paper ? (byte)Paper : pixel;
            }
        }
    }

    // Above a pattern that stands, an even wall; a striped box passes in front of both and is gone after 60 pictures.
    private static void RoomWithPasserBy(byte[] plane, int index)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (boxX, isFloor) = (x - (index * 7) + 80, y > Height / 2);
                var isBox = boxX is >= 0 and < 80 && y is > 50 and < 170;
                plane[(y * Width) + x] = isBox
                    ? (byte)(60 + (((boxX * 5) + (y * 3)) % 140))
                    : isFloor ? (byte)(90 + (((x * x) + (y * 37)) / 64 % 40)) : (byte)120;
            }
        }
    }
}
