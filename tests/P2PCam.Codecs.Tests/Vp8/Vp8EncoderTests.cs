using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit.Measuring;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8EncoderTests
{
    [Theory]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public void Encode_MovingContent_HoldsTheTargetOverThreeSeconds(int target)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = target });
        var sizes = Run(encoder, Content.Moving, 320, 240, 0, 150);
        for (var start = 30; start + 90 <= sizes.Count; start += 10)
        {
            Assert.InRange(sizes.Skip(start).Take(90).Sum() * 8 / 3.0, target * 0.9, target * 1.1);
        }
    }

    [Fact]
    public void SetTargetBitrate_Lowered_IsFollowedWithinASecond()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 1_200_000 });
        Run(encoder, Content.Moving, 320, 240, 0, 60);
        encoder.SetTargetBitrate(300_000);
        var sizes = Run(encoder, Content.Moving, 320, 240, 60, 60);
        Assert.InRange(sizes.Skip(10).Take(50).Sum() * 8 / (50 / 30.0), 300_000 * 0.8, 300_000 * 1.1);
    }

    [Fact]
    public void Encode_KeyFrame_StaysWithinItsShare()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 600_000, MaxKeyFrameRatio = 6 });
        var output = new ArrayBufferWriter<byte>();
        for (var index = 0; index < 30; index++)
        {
            using var frame = Make(Content.Moving, 320, 240, index);
            var result = encoder.Encode(frame, forceKeyFrame: index % 10 == 0, output);
            Assert.True(!result.IsKeyFrame || result.BytesWritten <= 6 * 600_000 / 30 / 8, $"Key frame of {result.BytesWritten} bytes");
        }
    }

    [Fact]
    public void Encode_StaticContent_GetsSharpAndThenCostsNearlyNothing()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 1_500_000 });
        var sizes = Run(encoder, Content.Static, 320, 240, 0, 90);
        using var frame = Make(Content.Static, 320, 240, 0);
        Assert.InRange(Psnr(frame.GetPlane(0), Pixels(encoder.Reconstruction, 320, 240), 320 * 240), 38, 99);
        Assert.True(sizes[^10..].Average() < 500, string.Join(' ', sizes));
    }

    [Fact]
    public void Encode_NoiseThatDoesNotFit_DropsFramesAndStaysNearTheTarget()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 160, Height = 128, TargetBitrate = 150_000 });
        var sizes = Run(encoder, Content.Noise, 160, 128, 0, 300);
        Assert.Contains(0, sizes);
        Assert.InRange(sizes.Skip(120).Sum() * 8 / 6.0, 150_000 * 0.8, 150_000 * 1.2);
    }

    /// <summary>In optimized builds with vector hardware only: the JIT boxes vectors in others.</summary>
    [OptimizedFact]
    public void Encode_AfterWarmUp_AllocatesNothing()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 800_000 });
        var frames = Enumerable.Range(0, 30).Select(index => Make(index < 15 ? Content.Moving : Content.Glyphs, 320, 240, index)).ToArray();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        for (var i = 0; i < 4; i++)
        {
            EncodeAll();
        }

        Assert.Equal(0, SteadyState.LeastAllocated(EncodeAll));

        void EncodeAll()
        {
            foreach (var frame in frames)
            {
                output.ResetWrittenCount();
                encoder.Encode(frame, false, output);
            }
        }
    }

    [Fact]
    public void Encode_WrongSizeOrFormat_SaysWhatWasExpected()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 32, Height = 32 });
        using var size = VideoFrame.Rent(32, 16, PixelFormat.I420, default, out _);
        using var format = VideoFrame.Rent(32, 32, PixelFormat.Nv12, default, out _);
        var output = new ArrayBufferWriter<byte>();
        Assert.Contains("32x16", Assert.Throws<ArgumentException>(() => encoder.Encode(size, false, output)).Message, StringComparison.Ordinal);
        Assert.Contains("I420", Assert.Throws<ArgumentException>(() => encoder.Encode(format, false, output)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesOptionAndRange()
    {
        var good = new Vp8EncoderOptions { Width = 32, Height = 32 };
        Vp8EncoderOptions[] bad =
        [
            good with { Width = 0 }, good with { Height = 16384 }, good with { FrameRate = 0 }, good with { FrameRate = double.NaN },
            good with { TargetBitrate = 1 }, good with { MinQuantizer = -1 }, good with { MaxQuantizer = 128 },
            good with { MinQuantizer = 50, MaxQuantizer = 40 }, good with { MaxKeyFrameRatio = 0.5 }, good with { MaxKeyFrameInterval = -1 },
            good with { BufferSize = TimeSpan.FromMilliseconds(99) }, good with { BufferSize = TimeSpan.FromSeconds(11) },
        ];
        Assert.All(bad, options => Assert.Contains("must be", Assert.Throws<ArgumentOutOfRangeException>(() => new Vp8Encoder(options)).Message, StringComparison.Ordinal));
    }

    private static List<int> Run(Vp8Encoder encoder, Content content, int width, int height, int first, int count)
    {
        var sizes = new List<int>();
        var output = new ArrayBufferWriter<byte>();
        for (var index = first; index < first + count; index++)
        {
            using var frame = Make(content, width, height, index);
            output.ResetWrittenCount();
            sizes.Add(encoder.Encode(frame, false, output).BytesWritten);
        }

        return sizes;
    }
}
