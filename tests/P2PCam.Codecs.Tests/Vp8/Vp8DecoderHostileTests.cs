using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Bytes that no encoder would make: the outcome is a value, and the next good key frame decodes.</summary>
public class Vp8DecoderHostileTests
{
    // A picture of 176x144 takes about a millisecond; this is for machines that do something else meanwhile.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    private static bool Soak => Environment.GetEnvironmentVariable("P2PCAM_SOAK") == "1";

    [Fact]
    public void Decode_EveryTruncation_GivesAValue()
    {
        var frames = Vp8DecoderTests.Encode(Clips.Content.Moving, 48, 32, 3);
        foreach (var (frame, others) in ((byte[], byte[][])[])[(frames[0], []), (frames[2], [frames[0], frames[1]])])
        {
            var failed = 0;
            for (var length = 1; length < frame.Length; length++)
            {
                using var decoder = new Vp8Decoder();
                foreach (var other in others)
                {
                    decoder.DecodeShown(other).Dispose();
                }

                var result = decoder.Decode(frame.AsSpan(0, length), default, out var picture);
                failed += result == Vp8DecodeResult.Ok ? 0 : 1;
                Assert.True(result is Vp8DecodeResult.Ok or Vp8DecodeResult.Truncated, result.ToString());
                Assert.Equal(result == Vp8DecodeResult.Ok, picture is not null);
                picture?.Dispose();
                CheckRecovery(decoder, frames[0]);
            }

            // The last few bytes may be missed unnoticed: encoders differ in how many of them they write.
            Assert.InRange(frame.Length - 1 - failed, 0, 16);
        }
    }

    [Fact]
    public void Decode_InterFrameFirst_WantsAKeyFrame()
    {
        var frames = Vp8DecoderTests.Encode(Clips.Content.Moving, 32, 32, 2);
        using var decoder = new Vp8Decoder();
        Assert.Equal(Vp8DecodeResult.NotAKeyFrame, decoder.Decode(frames[1], default, out var picture));
        Assert.Null(picture);
        CheckRecovery(decoder, frames[0]);
    }

    [Fact]
    public void Decode_AfterAFailedFrame_WantsAKeyFrame()
    {
        var frames = Vp8DecoderTests.Encode(Clips.Content.Moving, 32, 32, 3);
        using var decoder = new Vp8Decoder();
        decoder.DecodeShown(frames[0]).Dispose();
        Assert.Equal(Vp8DecodeResult.Truncated, decoder.Decode(frames[1].AsSpan(0, 10), default, out _));
        Assert.Equal(Vp8DecodeResult.NotAKeyFrame, decoder.Decode(frames[2], default, out _));
        CheckRecovery(decoder, frames[0]);
    }

    [Theory]
    [InlineData(0, 6, Vp8DecodeResult.UnsupportedSize)]
    [InlineData(6, 0, Vp8DecodeResult.UnsupportedSize)]
    [InlineData(0, 0, Vp8DecodeResult.UnsupportedSize)]
    [InlineData(16383, 16383, Vp8DecodeResult.UnsupportedSize)]
    [InlineData(4097, 16, Vp8DecodeResult.UnsupportedSize)]
    [InlineData(4096, 4096, Vp8DecodeResult.Truncated)]
    public void Decode_SizeThatTheDataCannotBeFor_IsRefused(int width, int height, Vp8DecodeResult expected)
    {
        var frame = Vp8DecoderTests.Encode(Clips.Content.Noise, 32, 32, 1)[0];
        var changed = (byte[])frame.Clone();
        (changed[6], changed[7], changed[8], changed[9]) = ((byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8));
        using var decoder = new Vp8Decoder();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(expected, decoder.Decode(changed, default, out var picture));
        Assert.Null(picture);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        CheckRecovery(decoder, frame);
    }

    [Fact]
    public void Decode_WrongStartCodeOrProfile_IsRefused()
    {
        var frame = Vp8DecoderTests.Encode(Clips.Content.Moving, 32, 32, 1)[0];
        using var decoder = new Vp8Decoder();
        for (var i = 3; i < 6; i++)
        {
            Assert.Equal(Vp8DecodeResult.Corrupt, decoder.Decode(Changed(frame, i, 0x40), default, out _));
        }

        Assert.Equal(Vp8DecodeResult.UnsupportedProfile, decoder.Decode(Changed(frame, 0, 8), default, out _));
        CheckRecovery(decoder, frame);
    }

    [VectorsFact]
    public void Decode_PartitionsLongerThanTheFrame_IsTruncated()
    {
        // Stream 16 has two token partitions.
        var frame = Vectors.Frames(16)[0];
        using var decoder = new Vp8Decoder();
        decoder.DecodeShown(frame).Dispose();
        Assert.Equal(Vp8DecodeResult.Truncated, decoder.Decode(Changed(frame, 2, 0x80), default, out _));
        var lengths = 10 + ((frame[0] | (frame[1] << 8) | (frame[2] << 16)) >> 5);
        Assert.Equal(Vp8DecodeResult.Truncated, decoder.Decode(Changed(frame, lengths + 2, 0x80), default, out _));
        Assert.Equal(Vp8DecodeResult.Truncated, decoder.Decode(frame.AsSpan(0, lengths + 2), default, out _));
        CheckRecovery(decoder, frame);
    }

    [VectorsFact]
    public void Decode_MutatedStreams_NeverThrowsAndRecovers()
    {
        var decoder = new Vp8Decoder(new Vp8DecoderOptions { MaxWidth = 1024, MaxHeight = 1024 });
        var results = new Dictionary<Vp8DecodeResult, int>();

        // Not the largest, and not the one that starts with a frame that is not shown.
        foreach (var number in Vectors.Numbers.Except([8, 18]))
        {
            var frames = Vectors.Frames(number);
            for (var round = 0; round < (Soak ? 1_000 : 20); round++)
            {
                Run(decoder, frames, new Random((round * 100) + number), results);
                CheckRecovery(decoder, frames[0]);
            }
        }

        // Mutations that nothing notices, and such that end the decoding at different places.
        var counts = string.Join(' ', results);
        Assert.True(results.GetValueOrDefault(Vp8DecodeResult.Ok) > 500, counts);
        Assert.True(results.GetValueOrDefault(Vp8DecodeResult.Truncated) > 500, counts);
        Assert.True(results.GetValueOrDefault(Vp8DecodeResult.NotAKeyFrame) > 100, counts);
    }

    [Fact]
    public void Decode_RandomBytesBehindAGoodTag_GivesAValue()
    {
        var random = new Random(2);
        var good = Vp8DecoderTests.Encode(Clips.Content.Moving, 48, 48, 1)[0];
        using var decoder = new Vp8Decoder();
        for (var round = 0; round < (Soak ? 200_000 : 1_000); round++)
        {
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            if (bytes.Length > 20)
            {
                // Key frame or inter frame, any profile, first partition within the frame.
                var tag = random.Next(2) | (random.Next(4) << 1) | 16 | (random.Next(bytes.Length - 10) << 5);
                (bytes[0], bytes[1], bytes[2]) = ((byte)tag, (byte)(tag >> 8), (byte)(tag >> 16));
                if ((tag & 1) == 0)
                {
                    (bytes[3], bytes[4], bytes[5], bytes[7], bytes[9]) = (0x9D, 0x01, 0x2A, 0, 0);
                }
                else
                {
                    decoder.DecodeShown(good).Dispose();
                }
            }

            decoder.Decode(bytes, default, out var picture);
            picture?.Dispose();
        }

        CheckRecovery(decoder, good);
    }

    private static void Run(Vp8Decoder decoder, List<byte[]> frames, Random random, Dictionary<Vp8DecodeResult, int> results)
    {
        var (start, clock) = (random.Next(2) == 0 ? 1 : random.Next(frames.Count), System.Diagnostics.Stopwatch.StartNew());
        decoder.DecodeShown(frames[0]).Dispose();
        for (var i = start; i < Math.Min(start + 12, frames.Count); i++)
        {
            var frame = (byte[])frames[i].Clone();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                // Half of the changes where headers are.
                frame[random.Next(random.Next(2) == 0 ? Math.Min(40, frame.Length) : frame.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(8) == 0 ? random.Next(frame.Length) : frame.Length;
            clock.Restart();
            var result = decoder.Decode(frame.AsSpan(0, length), default, out var picture);
            Assert.True(clock.Elapsed < Generous, $"A frame took {clock.Elapsed}.");
            Assert.True(result == Vp8DecodeResult.Ok || picture is null);
            picture?.Dispose();
            results[result] = results.GetValueOrDefault(result) + 1;
            if (result != Vp8DecodeResult.Ok && random.Next(4) != 0)
            {
                decoder.DecodeShown(frames[0]).Dispose();
            }
        }
    }

    private static byte[] Changed(byte[] frame, int index, byte flip)
    {
        var changed = (byte[])frame.Clone();
        changed[index] ^= flip;
        return changed;
    }

    private static void CheckRecovery(Vp8Decoder decoder, byte[] keyFrame)
    {
        using var fresh = new Vp8Decoder();
        using var expected = fresh.DecodeShown(keyFrame);
        using var picture = decoder.DecodeShown(keyFrame);
        Assert.True(Vectors.Pixels(expected).AsSpan().SequenceEqual(Vectors.Pixels(picture)), "The key frame after the damage differs.");
    }
}
