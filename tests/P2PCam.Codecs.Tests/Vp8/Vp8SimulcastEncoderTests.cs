using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Encoding;
using P2PCam.TestKit.Measuring;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8SimulcastEncoderTests
{
    [Theory]
    [InlineData(320, 240, 160, 120, 80, 60)]
    [InlineData(321, 241, 161, 121, 107, 81)]
    [InlineData(208, 176, 208, 176, 16, 16)]
    public void Encode_Layers_DecodeToTheirReconstructions(int width, int height, int width2, int height2, int width3, int height3)
    {
        using var encoder = Make(((width, height), 500_000), ((width2, height2), 200_000), ((width3, height3), 80_000));
        var decoders = Enumerable.Range(0, 3).Select(_ => new Vp8Decoder(new Vp8DecoderOptions())).ToArray();
        var outputs = Enumerable.Range(0, 3).Select(_ => new ArrayBufferWriter<byte>()).ToArray();
        var results = new Vp8EncodeResult[3];
        for (var index = 0; index < 12; index++)
        {
            using var frame = Clips.Make(Content.Moving, width, height, index);
            Array.ForEach(outputs, output => output.ResetWrittenCount());
            encoder.Encode(frame, [false, index == 6, false], outputs, results);
            Assert.Equal([index == 0, index is 0 or 6, index == 0], results.Select(result => result.IsKeyFrame));
            for (var layer = 0; layer < 3; layer++)
            {
                Assert.Equal(results[layer].BytesWritten, outputs[layer].WrittenCount);
                using var picture = decoders[layer].DecodeShown(outputs[layer].WrittenSpan);
                Assert.Equal(Pixels(encoder[layer].Reconstruction, picture.Width, picture.Height), Vectors.Pixels(picture));
            }
        }

        Array.ForEach(decoders, decoder => decoder.Dispose());
    }

    [Fact]
    public void Encode_EachLayer_HoldsItsRateAndFollowsANewOne()
    {
        using var encoder = Make(((320, 240), 600_000), ((160, 120), 200_000));
        encoder.SetFrameRate(30);
        var outputs = Enumerable.Range(0, 2).Select(_ => new ArrayBufferWriter<byte>()).ToArray();
        var results = new Vp8EncodeResult[2];
        int[] bits = [0, 0];
        for (var index = 0; index < 120; index++)
        {
            if (index == 45)
            {
                encoder.SetTargetBitrate(1, 100_000);
            }

            using var frame = Clips.Make(Content.Moving, 320, 240, index);
            Array.ForEach(outputs, output => output.ResetWrittenCount());
            encoder.Encode(frame, [false, false], outputs, results);
            bits[0] += index >= 60 ? results[0].BytesWritten * 8 : 0;
            bits[1] += index >= 60 ? results[1].BytesWritten * 8 : 0;
        }

        Assert.InRange(bits[0] / 2.0, 600_000 * 0.93, 600_000 * 1.07);
        Assert.InRange(bits[1] / 2.0, 100_000 * 0.93, 100_000 * 1.07);
    }

    [Fact]
    public void MotionHints_LargerPicture_GiveScaledVectorsAndLeaveIntraAlone()
    {
        var (from, to) = (new FrameState(4, 4), new FrameState(2, 2));
        for (var i = 0; i < 16; i++)
        {
            var isLeft = i % 4 < 2;
            from.Info(i % 4, i / 4) = new MacroblockInfo { Reference = isLeft ? ReferenceKind.Last : ReferenceKind.Intra, Vector = new MotionVector(8, -24) };
        }

        to.PreviousVectors.AsSpan().Fill(new MotionVector(1, 1));
        MotionHints.Transfer(from, to);
        Assert.Equal([new(4, -12), new(1, 1), new(4, -12), new(1, 1)], to.PreviousVectors);
    }

    [Fact]
    public void Constructor_LayersThatGrowOrNone_SaysSo()
    {
        Assert.Contains("largest", Assert.Throws<ArgumentException>(() => Make(((160, 120), 100_000), ((320, 240), 100_000))).Message, StringComparison.Ordinal);
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => Make()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_ListsOfAnotherLength_SaysSo()
    {
        using var encoder = Make(((32, 32), 100_000));
        using var frame = Clips.Make(Content.Static, 32, 32, 0);
        Assert.Contains("1 layers", Assert.Throws<ArgumentException>(() => encoder.Encode(frame, [], [], [])).Message, StringComparison.Ordinal);
    }

    [OptimizedFact]
    public void Encode_AfterWarmUp_AllocatesNothing()
    {
        using var encoder = Make(((320, 240), 600_000), ((160, 120), 200_000), ((80, 60), 100_000));
        var frames = Enumerable.Range(0, 20).Select(index => Clips.Make(Content.Moving, 320, 240, index)).ToArray();
        var outputs = Enumerable.Range(0, 3).Select(_ => new ArrayBufferWriter<byte>(1 << 18)).ToArray();
        IBufferWriter<byte>[] writers = [.. outputs];
        bool[] forceKeyFrames = [false, false, false];
        var results = new Vp8EncodeResult[3];
        for (var i = 0; i < 4; i++)
        {
            EncodeAll();
        }

        Assert.Equal(0, SteadyState.LeastAllocated(EncodeAll));

        void EncodeAll()
        {
            foreach (var frame in frames)
            {
                foreach (var output in outputs)
                {
                    output.ResetWrittenCount();
                }

                encoder.Encode(frame, forceKeyFrames, writers, results);
            }
        }
    }

    private static Vp8SimulcastEncoder Make(params ((int Width, int Height) Size, int Rate)[] layers) => new(
        [.. layers.Select(layer => new Vp8EncoderOptions { Width = layer.Size.Width, Height = layer.Size.Height, TargetBitrate = layer.Rate, DropFrames = false })]);
}
