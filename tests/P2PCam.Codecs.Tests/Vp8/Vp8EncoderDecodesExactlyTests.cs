using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Threads, partitions and layers together: every frame decodes in libvpx, FFmpeg and here to the encoder's reconstruction, bit for bit.</summary>
[Trait("Category", "Slow")]
public class Vp8EncoderDecodesExactlyTests
{
    public static TheoryData<int, int, int, int, int, int> Cases => new()
    {
        // Width, height, frames, threads, partitions, layers.
        { 16, 16, 12, 4, 8, 3 },
        { 33, 17, 12, 2, 2, 2 },
        { 175, 143, 12, 3, 4, 3 },
        { 640, 360, 6, 2, 2, 2 },
        { 1279, 719, 3, 3, 8, 1 },
        { 1920, 1080, 3, 2, 4, 3 },
    };

    [ToolTheory("ffmpeg")]
    [MemberData(nameof(Cases))]
    public void Every_frame_decodes_to_the_reconstruction(int width, int height, int frames, int threads, int partitions, int layers)
    {
        var options = new Vp8EncoderOptions
        {
            Width = width,
            Height = height,
            Threads = threads,
            TokenPartitions = partitions,
            TemporalLayers = layers,
            TargetBitrate = (width * height * 3) + 20_000,
            ErrorResilient = layers == 2,
            DropFrames = false,
        };
        using var encoder = new Vp8Encoder(options);
        using var decoder = new Vp8Decoder(new Vp8DecoderOptions());
        var ivf = new Ivf(width, height);
        using var expected = new MemoryStream();
        for (var index = 0; index < frames; index++)
        {
            var output = new ArrayBufferWriter<byte>();
            using var frame = Make(index == frames - 1 ? Content.Noise : index == frames / 2 ? Content.Glyphs : Content.Moving, width, height, index);
            encoder.Encode(frame, index == frames - 2 && frames > 3, output);
            ivf.Add(output.WrittenSpan);
            var reconstruction = Pixels(encoder.Reconstruction, width, height);
            expected.Write(reconstruction);
            using var picture = decoder.DecodeShown(output.WrittenSpan);
            Assert.True(Vectors.Pixels(picture).AsSpan().SequenceEqual(reconstruction), $"Frame {index} differs here.");
        }

        foreach (var name in (string[])["libvpx", "vp8"])
        {
            Assert.True(ivf.Decode(name).AsSpan().SequenceEqual(expected.ToArray()), $"A frame differs in {name}.");
        }
    }
}
