using System.Buffers;
using P2PCam.Codecs.Vp8;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8EncoderReconfigurationTests
{
    [Fact]
    public void SetSize_WhileEncoding_GoesOnWithAKeyFrameOfThatSize()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 600_000, Threads = 2, TemporalLayers = 2 });
        using var decoder = new Vp8Decoder(new Vp8DecoderOptions());
        var output = new ArrayBufferWriter<byte>();
        var index = 0;
        foreach (var (width, height) in ((int, int)[])[(320, 240), (161, 99), (400, 304), (320, 240)])
        {
            encoder.SetSize(width, height);
            for (var i = 0; i < 10; i++, index++)
            {
                using var frame = Make(Content.Moving, width, height, index);
                output.ResetWrittenCount();
                var result = encoder.Encode(frame, false, output);
                Assert.Equal(i == 0, result.IsKeyFrame);
                Assert.True(!result.IsKeyFrame || result.BytesWritten * 8 <= 6 * 600_000 / 30, $"{result.BytesWritten} bytes");
                if (!result.Dropped)
                {
                    using var picture = decoder.DecodeShown(output.WrittenSpan);
                    Assert.Equal((width, height), (picture.Width, picture.Height));
                    Assert.Equal(Pixels(encoder.Reconstruction, width, height), Vectors.Pixels(picture));
                }
            }
        }
    }

    [Fact]
    public void SetSize_ToTheSizeItHas_ChangesNothing()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 64, Height = 64 });
        var meter = new RateMeter(encoder, 4);
        meter.Encode(Make(Content.Moving, 64, 64, 0));
        encoder.SetSize(64, 64);
        Assert.False(meter.Encode(Make(Content.Moving, 64, 64, 1)).IsKeyFrame);
    }

    /// <summary>All threads counted, not only this one.</summary>
    [OptimizedFact]
    public void Encode_ThreadsPartitionsAndLayersAfterWarmUp_AllocatesNothing()
    {
        var options = new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = 800_000, Threads = 3, TokenPartitions = 4, TemporalLayers = 3 };
        using var encoder = new Vp8Encoder(options);
        var frames = Enumerable.Range(0, 30).Select(index => Make(index < 15 ? Content.Moving : Content.Glyphs, 320, 240, index)).ToArray();
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var least = long.MaxValue;
        for (var round = 0; round < 14 && least > 0; round++)
        {
            // Other tests run at the same time and allocate: the members' own counts are what matters.
            var before = encoder.AllocatedByThreads();
            var here = GC.GetAllocatedBytesForCurrentThread();
            foreach (var frame in frames)
            {
                output.ResetWrittenCount();
                encoder.Encode(frame, false, output);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - here + encoder.AllocatedByThreads() - before;
            least = round < 4 ? least : Math.Min(least, allocated);
        }

        Assert.Equal(0, least);
    }
}
