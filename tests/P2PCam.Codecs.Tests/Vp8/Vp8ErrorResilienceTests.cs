using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.Codecs.Vp8.Decoding;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>What <see cref="Vp8EncoderOptions.ErrorResilient"/> promises: who lost frames reads the later ones with the probabilities they were written with.</summary>
public class Vp8ErrorResilienceTests
{
    // The frames after a key frame change most probabilities.
    private const int FirstLost = 1;
    private const int LastLost = 6;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lost_frames_leave_later_ones_readable_in_the_mode_only(bool errorResilient)
    {
        var frames = Encode(errorResilient);
        var (complete, lossy) = (new FrameHeader(), new FrameHeader());
        var differing = 0;
        for (var index = 0; index < frames.Count; index++)
        {
            var expected = Read(complete, frames[index]);
            if (index is < FirstLost or > LastLost)
            {
                differing += expected.AsSpan().SequenceEqual(Read(lossy, frames[index])) ? 0 : 1;
            }
        }

        Assert.Equal(errorResilient, differing == 0);
    }

    [Fact]
    public void Lost_frames_are_made_good_by_the_next_key_frame()
    {
        var frames = Encode(errorResilient: true);
        using var complete = new Vp8Decoder(new Vp8DecoderOptions());
        using var lossy = new Vp8Decoder(new Vp8DecoderOptions());
        for (var index = 0; index < frames.Count; index++)
        {
            using var expected = complete.DecodeShown(frames[index]);
            if (index is >= FirstLost and <= LastLost)
            {
                continue;
            }

            using var picture = lossy.DecodeShown(frames[index]);
            Assert.Equal(index is < FirstLost or >= 25, Vectors.Pixels(expected).AsSpan().SequenceEqual(Vectors.Pixels(picture)));
        }
    }

    // All probabilities that the frame's modes and coefficients are read with.
    private static byte[] Read(FrameHeader header, byte[] frame)
    {
        Assert.Equal(Vp8DecodeResult.Ok, FrameTag.Read(frame, out var tag));
        var partitions = new Partitions();
        partitions.Begin(frame, tag);
        header.Read(ref partitions.First, tag.IsKeyFrame);
        var used = header.Probabilities;
        byte[] probabilities = [.. used.Coefficients, .. used.Vectors, .. used.LumaModes, .. used.ChromaModes];
        header.EndFrame();
        return probabilities;
    }

    private static List<byte[]> Encode(bool errorResilient)
    {
        using var encoder = new Vp8Encoder(
            new Vp8EncoderOptions { Width = 176, Height = 144, TargetBitrate = 400_000, ErrorResilient = errorResilient, DropFrames = false });
        var frames = new List<byte[]>();
        for (var index = 0; index < 30; index++)
        {
            var output = new ArrayBufferWriter<byte>();
            using var frame = Make(Content.Moving, 176, 144, index);
            encoder.Encode(frame, index == 25, output);
            frames.Add(output.WrittenSpan.ToArray());
        }

        return frames;
    }
}
