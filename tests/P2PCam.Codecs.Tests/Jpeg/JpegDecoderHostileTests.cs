using P2PCam.Codecs.Jpeg;
using P2PCam.Codecs.Tests.Vp8;

namespace P2PCam.Codecs.Tests.Jpeg;

/// <summary>Bytes that no camera would send: the outcome is a value with its reason, and the next good picture decodes.</summary>
public class JpegDecoderHostileTests
{
    private const byte Sof0 = 0xC0;

    private static bool Soak => Environment.GetEnvironmentVariable("P2PCAM_SOAK") == "1";

    [Fact]
    public void Decode_EveryTruncation_IsTruncated()
    {
        var file = new TestJpeg { Width = 50, Height = 40, RestartInterval = 2 }.Write();
        var decoder = new JpegDecoder();
        for (var length = 2; length < file.Length - 2; length++)
        {
            var result = decoder.Decode(file.AsSpan(0, length), default, out var picture);
            Assert.Null(picture);
            Assert.True(result == JpegDecodeResult.Truncated, $"{length} of {file.Length} bytes: {result}, {decoder.Reason}");
            Assert.NotEqual("", decoder.Reason);
        }

        // The end marker says nothing that is not known.
        Assert.Equal(JpegDecodeResult.Ok, decoder.Decode(file.AsSpan(0, file.Length - 2), default, out var whole));
        whole!.Dispose();
    }

    [Theory]
    [InlineData(0xC2, JpegDecodeResult.UnsupportedProcess, "progressive")]
    [InlineData(0xC3, JpegDecodeResult.UnsupportedProcess, "lossless")]
    [InlineData(0xC9, JpegDecodeResult.UnsupportedProcess, "arithmetic")]
    public void Decode_OtherProcess_IsNamed(byte marker, JpegDecodeResult expected, string word) => Check(Changed(file => file[IndexOf(file, Sof0) + 1] = marker), expected, word);

    [Fact]
    public void Decode_WhatCannotBe_IsNamed()
    {
        Check([], JpegDecodeResult.Corrupt, "SOI");
        Check([0x89, 0x50, 0x4E, 0x47], JpegDecodeResult.Corrupt, "SOI");
        Check(Changed(file => file[IndexOf(file, Sof0) + 4] = 12), JpegDecodeResult.UnsupportedProcess, "8 bits");
        Check(Changed(file => (file[IndexOf(file, Sof0) + 5], file[IndexOf(file, Sof0) + 6]) = (0, 0)), JpegDecodeResult.UnsupportedSize, "height");
        Check(Changed(file => file[IndexOf(file, Sof0) + 5] = 0x7F), JpegDecodeResult.UnsupportedSize, "larger");
        Check(Changed(file => file[IndexOf(file, Sof0) + 9] = 2), JpegDecodeResult.UnsupportedFormat, "neither");
        Check(Changed(file => file[IndexOf(file, Sof0) + 11] = 0x05), JpegDecodeResult.Corrupt, "sampling");
        Check(Changed(file => file[IndexOf(file, Sof0) + 11] = 0x31), JpegDecodeResult.UnsupportedFormat, "unusual");
        Check(Changed(file => file[IndexOf(file, 0xDB) + 4] = 9), JpegDecodeResult.Corrupt, "quantization");
        Check(Changed(file => file[IndexOf(file, 0xC4) + 5] = 3), JpegDecodeResult.Corrupt, "Huffman");
        Check(Changed(file => file[IndexOf(file, 0xDA) + 5] = 9), JpegDecodeResult.Corrupt, "component");
        Check(Changed(file => file[IndexOf(file, 0xDA) + 12] = 5), JpegDecodeResult.UnsupportedProcess, "progressive");
    }

    [Fact]
    public void Decode_WrongRestartMarker_IsCorrupt()
    {
        var file = new TestJpeg { Width = 50, Height = 40, RestartInterval = 2 }.Write();
        file[IndexOf(file, 0xD1) + 1] = 0xD5;
        Check(file, JpegDecodeResult.Corrupt, "restart marker");
    }

    [Fact]
    public void Decode_SizeThatTheDataCannotBeFor_TakesNoMemory()
    {
        var file = Changed(file => (file[IndexOf(file, Sof0) + 5], file[IndexOf(file, Sof0) + 7]) = (15, 15));
        var decoder = new JpegDecoder();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(JpegDecodeResult.Truncated, decoder.Decode(file, default, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Decode_Mutations_NeverThrowsAndRecovers()
    {
        byte[][] files =
        [
            new TestJpeg { Width = 83, Height = 61 }.Write(),
            new TestJpeg { Width = 40, Height = 33, Sampling = [(2, 1), (1, 1), (1, 1)], RestartInterval = 3 }.Write(),
            new TestJpeg { Width = 40, Height = 33, Sampling = [(1, 1), (1, 1), (1, 1)], HasScanForEach = true }.Write(),
            new TestJpeg { Width = 30, Height = 20, Sampling = [(1, 1)], HasHuffmanTables = false }.Write(),
        ];
        var decoder = new JpegDecoder(new JpegDecoderOptions { MaxWidth = 1024, MaxHeight = 1024 });
        var results = new Dictionary<JpegDecodeResult, int>();
        using var expected = JpegDecoderTests.Decode(files[0]);
        for (var seed = 0; seed < (Soak ? 3_000_000 : 12_000); seed++)
        {
            var random = new Random(seed);
            var file = new StreamMutator(random, files).Mutate(files[random.Next(files.Length)]);
            try
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var result = decoder.Decode(file, default, out var picture);
                Assert.Equal(result == JpegDecodeResult.Ok, picture is not null);
                Assert.Equal(result == JpegDecodeResult.Ok, decoder.Reason.Length == 0);
                picture?.Dispose();
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024 * 6);
                results[result] = results.GetValueOrDefault(result) + 1;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }

        Assert.Equal(JpegDecodeResult.Ok, decoder.Decode(files[0], default, out var last));
        Assert.True(Vectors.Pixels(expected).AsSpan().SequenceEqual(Vectors.Pixels(last!)));
        last!.Dispose();
        Assert.All(Enum.GetValues<JpegDecodeResult>(), result => Assert.True(results.GetValueOrDefault(result) > 0, string.Join(' ', results)));
    }

    private static void Check(byte[] file, JpegDecodeResult expected, string word)
    {
        var decoder = new JpegDecoder();
        Assert.Equal((expected, true), (decoder.Decode(file, default, out var picture), decoder.Reason.Contains(word, StringComparison.Ordinal)));
        Assert.Null(picture);
        Assert.Equal(JpegDecodeResult.Ok, decoder.Decode(new TestJpeg { Width = 8, Height = 8 }.Write(), default, out picture));
        picture!.Dispose();
    }

    private static byte[] Changed(Action<byte[]> change)
    {
        var file = new TestJpeg { Width = 50, Height = 40 }.Write();
        change(file);
        return file;
    }

    // Of the marker's FF.
    private static int IndexOf(byte[] file, byte marker) => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
}
