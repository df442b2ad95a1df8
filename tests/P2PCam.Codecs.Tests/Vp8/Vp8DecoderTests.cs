using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8DecoderTests
{
    [VectorsFact]
    public void Decode_ConformanceStreams_GivesThePublishedPictures()
    {
        foreach (var number in Vectors.Numbers)
        {
            using var decoder = new Vp8Decoder();
            var hashes = new List<string>();
            foreach (var frame in Vectors.Frames(number))
            {
                Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frame, default, out var picture));
                if (picture is not null)
                {
                    hashes.Add(Vectors.Hash(picture));
                }
            }

            var expected = Vectors.Hashes(number);
            Assert.True(expected.Length > 0);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(i < hashes.Count && expected[i] == hashes[i], $"Stream {number}: picture {i} differs.");
            }

            Assert.Equal(expected.Length, hashes.Count);
        }
    }

    [Fact]
    public void Decode_OurEncodersFrames_GivesItsReconstruction()
    {
        (int Width, int Height)[] sizes = [(16, 16), (1, 1), (17, 33), (2, 40), (175, 143), (320, 240), (33, 720)];
        using var decoder = new Vp8Decoder();
        foreach (var (width, height) in sizes)
        {
            foreach (var content in Enum.GetValues<Clips.Content>())
            {
                // One decoder for all of them: each first key frame changes the size.
                CheckAgainstEncoder(decoder, content, width, height, errorResilient: content != Clips.Content.Moving);
            }
        }
    }

    [Fact]
    public void Decode_FrameNotShown_GivesNoPictureButIsReferredTo()
    {
        var frames = Encode(Clips.Content.Moving, 64, 48, 2);
        using var decoder = new Vp8Decoder();
        using var whole = new Vp8Decoder();
        using var first = whole.DecodeShown(frames[0]);
        using var expected = whole.DecodeShown(frames[1]);
        frames[0][0] &= 0xEF; // show_frame
        Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frames[0], default, out var hidden));
        Assert.Null(hidden);
        using var shown = decoder.DecodeShown(frames[1]);
        Assert.Equal(Vectors.Pixels(expected), Vectors.Pixels(shown));
    }

    [Fact]
    public void Decode_NoBytes_RepeatsTheLastPicture()
    {
        var frames = Encode(Clips.Content.Moving, 40, 24, 1);
        using var decoder = new Vp8Decoder();
        Assert.Equal(Vp8DecodeResult.NotAKeyFrame, decoder.Decode([], default, out _));
        using var picture = decoder.DecodeShown(frames[0]);
        Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode([], TimeSpan.FromSeconds(2), out var again));
        Assert.Equal(TimeSpan.FromSeconds(2), again!.Timestamp);
        Assert.Equal(Vectors.Pixels(picture), Vectors.Pixels(again));
        again.Dispose();
    }

    [Fact]
    public void Decode_ShownFrame_HasSizeFormatAndTimestamp()
    {
        var frames = Encode(Clips.Content.Moving, 50, 30, 1);
        using var decoder = new Vp8Decoder();
        Assert.Equal((0, 0), (decoder.Width, decoder.Height));
        Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frames[0], TimeSpan.FromSeconds(7), out var picture));
        Assert.Equal((50, 30, PixelFormat.I420, TimeSpan.FromSeconds(7)), (picture!.Width, picture.Height, picture.Format, picture.Timestamp));
        Assert.Equal((50, 30), (decoder.Width, decoder.Height));
        picture.Dispose();
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode(frames[0], default, out _));
    }

    /// <summary>In optimized builds with vector hardware only: the JIT boxes vectors in others.</summary>
    [OptimizedFact]
    public void Decode_AfterWarmUp_AllocatesNothingButTheFrameObject()
    {
        var frames = Encode(Clips.Content.Moving, 320, 240, 30);
        using var decoder = new Vp8Decoder();
        for (var i = 0; i < 4; i++)
        {
            DecodeAll();
        }

        var objects = SteadyState.LeastAllocated(() =>
        {
            foreach (var _ in frames)
            {
                VideoFrame.Rent(320, 240, PixelFormat.I420, default, out var _).Dispose();
            }
        });
        Assert.Equal(objects, SteadyState.LeastAllocated(DecodeAll));
        Assert.InRange(objects / frames.Count, 1, 128);

        void DecodeAll()
        {
            foreach (var frame in frames)
            {
                decoder.Decode(frame, default, out var picture);
                picture!.Dispose();
            }
        }
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesOptionAndRange()
    {
        Vp8DecoderOptions[] bad = [new() { MaxWidth = 0 }, new() { MaxHeight = 16384 }];
        Assert.All(bad, options =>
            Assert.Contains("must be from 1 to 16383", Assert.Throws<ArgumentOutOfRangeException>(() => new Vp8Decoder(options)).Message, StringComparison.Ordinal));
    }

    internal static List<byte[]> Encode(Clips.Content content, int width, int height, int count)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, DropFrames = false });
        var frames = new List<byte[]>();
        for (var index = 0; index < count; index++)
        {
            using var frame = Clips.Make(content, width, height, index);
            var output = new ArrayBufferWriter<byte>();
            encoder.Encode(frame, false, output);
            frames.Add(output.WrittenSpan.ToArray());
        }

        return frames;
    }

    private static void CheckAgainstEncoder(Vp8Decoder decoder, Clips.Content content, int width, int height, bool errorResilient)
    {
        var options = new Vp8EncoderOptions
        {
            Width = width,
            Height = height,
            TargetBitrate = (width * height * 8) + 20_000,
            DropFrames = false,
            ErrorResilient = errorResilient,
            MaxKeyFrameInterval = 9,
        };
        using var encoder = new Vp8Encoder(options);
        for (var index = 0; index < 12; index++)
        {
            using var frame = Clips.Make(content, width, height, index);
            var output = new ArrayBufferWriter<byte>();
            encoder.Encode(frame, false, output);
            using var picture = decoder.DecodeShown(output.WrittenSpan);
            Assert.True(
                Clips.Pixels(encoder.Reconstruction, width, height).AsSpan().SequenceEqual(Vectors.Pixels(picture)),
                $"{content} {width}x{height}: picture {index} differs.");
        }
    }
}
