using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.Codecs.Vp8.Common;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8EncoderThreadsTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(17, 33)]
    [InlineData(33, 400)]
    [InlineData(320, 240)]
    [InlineData(639, 361)]
    public void Encode_AnyNumberOfThreads_WritesTheSameBits(int width, int height)
    {
        foreach (var partitions in (int[])[1, 4])
        {
            var options = new Vp8EncoderOptions { Width = width, Height = height, TokenPartitions = partitions, TargetBitrate = (width * height * 12) + 20_000 };
            var (expected, modes) = Encode(options);
            Assert.All((int[])[1, 2, 3, 4, 5, 6, 7, 8], threads => Assert.Equal(expected, Encode(options with { Threads = threads }).Bytes));
            Assert.True(width < 300 || (modes.Contains(MacroblockMode.Subblocks) && modes.Contains(MacroblockMode.SplitMv)), "All modes are used.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Encode_TokenPartitions_DecodeToTheReconstruction(int partitions)
    {
        foreach (var (width, height) in ((int, int)[])[(16, 16), (161, 121), (64, 300)])
        {
            var options = new Vp8EncoderOptions { Width = width, Height = height, TokenPartitions = partitions, Threads = 2, DropFrames = false };
            using var encoder = new Vp8Encoder(options);
            using var decoder = new Vp8Decoder(new Vp8DecoderOptions());
            var output = new ArrayBufferWriter<byte>();
            for (var index = 0; index < 8; index++)
            {
                using var frame = Make(Content.Moving, width, height, index);
                output.ResetWrittenCount();
                encoder.Encode(frame, index == 4, output);
                using var picture = decoder.DecodeShown(output.WrittenSpan);
                Assert.Equal(Pixels(encoder.Reconstruction, width, height), Vectors.Pixels(picture));
            }
        }
    }

    [Fact]
    public void Dispose_WithThreads_EndsThem()
    {
        // The team joins its threads: Dispose returns only when they have ended, and may be called again.
        var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 64, Height = 64, Threads = 4 });
        using var frame = Make(Content.Moving, 64, 64, 0);
        encoder.Encode(frame, false, new ArrayBufferWriter<byte>());
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(frame, false, new ArrayBufferWriter<byte>()));
    }

    private static (byte[] Bytes, HashSet<MacroblockMode> InterFrameModes) Encode(Vp8EncoderOptions options)
    {
        using var encoder = new Vp8Encoder(options);
        var (output, modes) = (new ArrayBufferWriter<byte>(), new HashSet<MacroblockMode>());
        for (var index = 0; index < 16; index++)
        {
            // First motion, then text that jumps and changes.
            using var frame = Make(index < 8 ? Content.Moving : index < 15 ? Content.Glyphs : Content.Noise, options.Width, options.Height, index);
            var result = encoder.Encode(frame, false, output);
            for (var i = 0; !result.IsKeyFrame && i < encoder.State.Rows * encoder.State.Columns; i++)
            {
                modes.Add(encoder.State.Info(i % encoder.State.Columns, i / encoder.State.Columns).Mode);
            }
        }

        return (output.WrittenSpan.ToArray(), modes);
    }
}
