using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8EncoderLayersTests
{
    private const int Width = 175;
    private const int Height = 143;

    [Theory]
    [InlineData(1, "0 0 0 0 0 0 0 0")]
    [InlineData(2, "0 1 0 1 0 1 0 1")]
    [InlineData(3, "0 2 1 2 0 2 1 2")]
    public void Encode_Layers_ComeInTheirPattern(int layers, string pattern)
    {
        var frames = Encode(layers, 8);
        Assert.Equal(pattern, string.Join(' ', frames.Select(frame => frame.Result.TemporalLayer)));

        // TL0PICIDX counts frames of layer 0; those above carry that of the frame of layer 0 before them.
        var index = -1;
        Assert.All(frames, frame => Assert.Equal(index += frame.Result.TemporalLayer == 0 ? 1 : 0, frame.Result.Tl0PictureIndex));
    }

    [Fact]
    public void Encode_ThreeLayers_SyncWhereOnlyLayer0IsReferredTo()
    {
        var frames = Encode(3, 9);
        Assert.Equal("Y Y Y - - Y Y - -", string.Join(' ', frames.Select(frame => frame.Result.IsLayerSync ? "Y" : "-")));
    }

    [Theory]
    [InlineData(2, 0, true)]
    [InlineData(2, 1, true)]
    [InlineData(3, 0, true)]
    [InlineData(3, 1, true)]
    [InlineData(3, 2, true)]
    [InlineData(2, 0, false)]
    [InlineData(3, 0, false)]
    [InlineData(3, 1, false)]
    public void Frames_up_to_a_layer_decode_to_the_reconstruction(int layers, int highest, bool errorResilient)
    {
        using var decoder = new Vp8Decoder(new Vp8DecoderOptions());
        foreach (var frame in Encode(layers, 25, errorResilient).Where(frame => frame.Result.TemporalLayer <= highest))
        {
            using var picture = decoder.DecodeShown(frame.Data);
            Assert.Equal(frame.Picture, Vectors.Pixels(picture));
        }
    }

    [ToolFact("ffmpeg")]
    public void Frames_up_to_a_layer_decode_to_the_reconstruction_in_libvpx_and_FFmpeg()
    {
        foreach (var (layers, highest) in ((int, int)[])[(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
        {
            var kept = Encode(layers, 20, errorResilient: false).Where(frame => frame.Result.TemporalLayer <= highest).ToList();
            var ivf = new Ivf(Width, Height);
            kept.ForEach(frame => ivf.Add(frame.Data));
            var expected = kept.SelectMany(frame => frame.Picture).ToArray();
            Assert.All((string[])["libvpx", "vp8"], decoder => Assert.Equal(expected, ivf.Decode(decoder)));
        }
    }

    [Fact]
    public void A_layer_may_be_taken_up_at_a_sync_frame()
    {
        // Only layer 0 for some time, then everything from a sync frame of layer 2 on.
        using var decoder = new Vp8Decoder(new Vp8DecoderOptions());
        var frames = Encode(3, 24);
        var start = frames.FindIndex(12, frame => frame.Result is { TemporalLayer: 2, IsLayerSync: true });
        for (var index = 0; index < frames.Count; index++)
        {
            if (index < start && frames[index].Result.TemporalLayer > 0)
            {
                continue;
            }

            using var picture = decoder.DecodeShown(frames[index].Data);
            Assert.Equal(frames[index].Picture, Vectors.Pixels(picture));
        }
    }

    [Theory]
    [InlineData(2, 0.6, 0.4, 0)]
    [InlineData(3, 0.4, 0.2, 0.4)]
    public void Encode_Layers_ShareTheRate(int layers, double first, double second, double third)
    {
        const int Target = 500_000;
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 240, TargetBitrate = Target, TemporalLayers = layers });
        var meter = new RateMeter(encoder, 4);
        for (var index = 0; index < 190; index++)
        {
            meter.Encode(Make(Content.Moving, 320, 240, index));
        }

        Assert.InRange(meter.Rate(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)), Target * 0.95, Target * 1.05);
        double[] expected = [first, second, third];
        var bits = meter.Results.Skip(60).Take(120).ToLookup(result => result.TemporalLayer, result => result.BytesWritten * 8 / 4.0);
        for (var layer = 0; layer < layers; layer++)
        {
            Assert.InRange(bits[layer].Sum() / Target, expected[layer] - 0.06, expected[layer] + 0.06);
        }
    }

    [Fact]
    public void Encode_KeyFrameInTheMiddleOfThePattern_BeginsItAnew()
    {
        var layers = Encode(3, 10, forceKeyFrame: index => index == 3).Select(frame => frame.Result.TemporalLayer);
        Assert.Equal("0 2 1 0 2 1 2 0 2 1", string.Join(' ', layers));
    }

    private static List<(byte[] Data, byte[] Picture, Vp8EncodeResult Result)> Encode(
        int layers, int count, bool errorResilient = true, Func<int, bool>? forceKeyFrame = null)
    {
        var options = new Vp8EncoderOptions
        {
            Width = Width,
            Height = Height,
            TargetBitrate = 300_000,
            TemporalLayers = layers,
            ErrorResilient = errorResilient,
            DropFrames = false,
        };
        using var encoder = new Vp8Encoder(options);
        var frames = new List<(byte[], byte[], Vp8EncodeResult)>();
        for (var index = 0; index < count; index++)
        {
            var output = new ArrayBufferWriter<byte>();
            using var frame = Make(Content.Moving, Width, Height, index);
            var result = encoder.Encode(frame, forceKeyFrame?.Invoke(index) ?? false, output);
            frames.Add((output.WrittenSpan.ToArray(), Pixels(encoder.Reconstruction, Width, Height), result));
        }

        return frames;
    }
}
