using P2PCam.Codecs.Jpeg;
using P2PCam.Codecs.Tests.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Jpeg;

/// <summary>What cameras and editors leave in their files, and other decoders take.</summary>
public class JpegFieldTests
{
    private const byte Sof0 = 0xC0;

    private static readonly byte[] Plain = new TestJpeg { Width = 83, Height = 61 }.Write();

    [CasesFact]
    public void UvcFrameWithPaddingBeforeARestartMarker_IsAWholePicture()
    {
        var file = File.ReadAllBytes(Repository.Case("files/mjpeg-uvc-restart-padding.jpg"));
        using var picture = JpegDecoderTests.Decode(file);

        Assert.Equal((960, 720), (picture.Width, picture.Height));
        Assert.True(new ToolFactAttribute("ffmpeg").Skip is not null || Clips.Psnr(JpegReference.Decode(file, 960, 720, 2, 1), Vectors.Pixels(picture), 960 * 720) > 45);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0000000000")]
    [InlineData("ff")] // fill
    [InlineData("ffffff")]
    [InlineData("a5a5")]
    [InlineData("ff00ff00")] // stuffed bytes
    [InlineData("00ffff")]
    public void BytesBeforeEveryRestartMarker_ArePassedOver(string padding)
    {
        var file = new TestJpeg { Width = 83, Height = 61, RestartInterval = 3 }.Write();
        var padded = InsertBefore(file, marker => marker is >= 0xD0 and <= 0xD7, padding);

        Assert.True(padded.Length > file.Length);
        AssertSame(file, padded);
    }

    [Theory]
    [InlineData(1, 2)] // an interval is lost with its marker
    [InlineData(1, 3)]
    [InlineData(4, 5)]
    public void IntervalsThatAreLost_AreGray_AndTheRestIsThere(int first, int next)
    {
        // 64x48 in 4:2:0 has 4 MCUs in each of 3 rows; intervals of 1.
        var file = new TestJpeg { Width = 64, Height = 48, RestartInterval = 1 }.Write();
        var (from, to) = (file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, (byte)(0xD0 + first)]), file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, (byte)(0xD0 + next)]));
        AssertGrayOnly(file, [.. file[..from], .. file[to..]], [.. Enumerable.Range(first + 1, next - first)]);
    }

    [Fact]
    public void IntervalWithAnImpossibleCode_IsGrayFromThere_AndTheRestIsThere()
    {
        var file = new TestJpeg { Width = 64, Height = 48, RestartInterval = 1 }.Write();
        var from = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD1]) + 2;
        var damaged = (byte[])file.Clone();
        damaged.AsSpan(from, 4).Fill(0xFE); // ones: no code has so many
        AssertGrayOnly(file, damaged, [2]);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0d0a")]
    [InlineData("ff")]
    [InlineData("ffffffff")]
    [InlineData("ff00")]
    [InlineData("0102ff0304")]
    [InlineData("ff01")] // TEM
    [InlineData("ff02ffbf")] // reserved
    public void BytesBetweenSegments_ArePassedOver(string stray) =>
        AssertSame(Plain, InsertBefore(Plain, marker => marker is 0xDB or 0xC0 or 0xC4 or 0xDA, stray));

    [Theory]
    [InlineData("ffe00003aa")] // an odd length
    [InlineData("ffe00002")]
    [InlineData("ffe50000")] // a length that none can have
    [InlineData("ffee0001")]
    [InlineData("fffe0007636f6d6d74")] // a comment
    [InlineData("fff00004abcd")]
    public void SegmentsThatSayNothing_ArePassedOver(string segment) => AssertSame(Plain, InsertBefore(Plain, marker => marker == 0xC4, segment));

    [Fact]
    public void BytesBehindATableInItsSegment_AreLeftOver()
    {
        foreach (var marker in (byte[])[0xDB, 0xC4])
        {
            var at = Plain.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
            var length = (Plain[at + 2] << 8) | Plain[at + 3];
            byte[] longer = [.. Plain[..(at + 2)], (byte)((length + 3) >> 8), (byte)(length + 3), .. Plain[(at + 4)..(at + 2 + length)], 0, 0, 0, .. Plain[(at + 2 + length)..]];
            AssertSame(Plain, longer);
        }
    }

    [Fact]
    public void EndThatIsMissing_OrFollowedByGarbage_ChangesNothing()
    {
        AssertSame(Plain, Plain[..^2]);
        AssertSame(Plain, [.. Plain, .. Enumerable.Repeat((byte)0xA5, 1000)]);
        AssertSame(Plain, [.. Plain[..^2], 0, 0, 0]);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 34, 35)]
    [InlineData('Y', 'C', 'c')]
    public void OtherIdentifiers_AreYCbCr(byte first, byte second, byte third) => AssertSame(Plain, WithIds(Plain, first, second, third));

    /// <summary>By libjpeg's order: JFIF says YCbCr, then Adobe's segment decides, then the identifiers.</summary>
    [Theory]
    [InlineData("", 'R', 'G', 'B', true)]
    [InlineData("adobe0", 'R', 'G', 'B', true)]
    [InlineData("adobe0", 1, 2, 3, true)]
    [InlineData("adobe1", 'R', 'G', 'B', false)]
    [InlineData("adobe2", 1, 2, 3, false)]
    [InlineData("jfif", 'R', 'G', 'B', false)]
    [InlineData("jfif", 1, 2, 3, false)]
    public void RedGreenBlue_IsToldFromYCbCr(string segment, byte first, byte second, byte third, bool isRgb)
    {
        var plain = new TestJpeg { Width = 83, Height = 61, Sampling = [(1, 1), (1, 1), (1, 1)] }.Write();
        byte[] said = segment switch
        {
            "jfif" => [0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0],
            "" => [],
            _ => [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)(segment[^1] - '0')],
        };
        using var picture = JpegDecoderTests.Decode([0xFF, 0xD8, .. said, .. WithIds(plain, first, second, third)[2..]]);
        using var asYCbCr = JpegDecoderTests.Decode(plain);

        Assert.Equal(!isRgb, Vectors.Pixels(picture).AsSpan().SequenceEqual(Vectors.Pixels(asYCbCr)));
    }

    [ToolFact("ffmpeg")]
    public void RedGreenBlue_HasTheColoursThatFFmpegSees()
    {
        foreach (var sampling in ((int, int)[][])[[(1, 1), (1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)]])
        {
            var file = WithIds(new TestJpeg { Width = 84, Height = 62, Sampling = sampling }.Write(), (byte)'R', (byte)'G', (byte)'B');
            using var picture = JpegDecoderTests.Decode(file);
            var expected = JpegReference.Run(["-f", "mjpeg", "-i", "pipe:0", "-vf", "format=gbrp,scale=out_color_matrix=bt601:out_range=tv:flags=area+accurate_rnd+full_chroma_int", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"], file);
            var actual = Vectors.Pixels(picture);

            Assert.Equal(expected.Length, actual.Length);
            Assert.True(Clips.Psnr(expected, actual, actual.Length) > 40, $"{Clips.Psnr(expected, actual, actual.Length):F1} dB");
        }
    }

    [Fact]
    public void FourComponents_AreRefusedByName()
    {
        var at = Plain.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, Sof0]);
        byte[] file = [.. Plain[..(at + 3)], 20, .. Plain[(at + 4)..(at + 9)], 4, .. Plain[(at + 10)..(at + 19)], 4, 0x11, 0, .. Plain[(at + 19)..]];
        var decoder = new JpegDecoder();

        Assert.Equal(JpegDecodeResult.UnsupportedFormat, decoder.Decode(file, default, out _));
        Assert.Contains("CMYK", decoder.Reason, StringComparison.Ordinal);
    }

    private static void AssertSame(byte[] expected, byte[] file)
    {
        using var right = JpegDecoderTests.Decode(expected);
        using var picture = JpegDecoderTests.Decode(file);
        Assert.True(Vectors.Pixels(right).AsSpan().SequenceEqual(Vectors.Pixels(picture)));
    }

    // Outside of these MCUs, of 16x16 pixels and 4 in a row, the pictures are the same, and inside of the last one there is one gray.
    private static void AssertGrayOnly(byte[] expected, byte[] file, int[] units)
    {
        using var right = JpegDecoderTests.Decode(expected);
        using var picture = JpegDecoderTests.Decode(file);
        var a = right.GetPlane(0);
        var b = picture.GetPlane(0);
        for (var i = 0; i < a.Length; i++)
        {
            var unit = (i / 64 / 16 * 4) + (i % 64 / 16);
            Assert.True(units.Contains(unit) || a[i] == b[i], $"Pixel {i} of MCU {unit} is {b[i]}, not {a[i]}.");
        }

        var last = units[^1];
        Assert.Equal(126, b[(((last / 4 * 16) + 15) * 64) + (last % 4 * 16) + 15]);
    }

    private static byte[] InsertBefore(byte[] file, Predicate<byte> isMarker, string hex)
    {
        var output = new List<byte>();
        for (var i = 0; i < file.Length; i++)
        {
            if (file[i] == 0xFF && i + 1 < file.Length && isMarker(file[i + 1]))
            {
                output.AddRange(Convert.FromHexString(hex));
            }

            output.Add(file[i]);
        }

        return [.. output];
    }

    private static byte[] WithIds(byte[] file, params byte[] ids)
    {
        var changed = (byte[])file.Clone();
        var (frame, scan) = (file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, Sof0]), file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]));
        for (var i = 0; i < ids.Length; i++)
        {
            (changed[frame + 10 + (3 * i)], changed[scan + 5 + (2 * i)]) = (ids[i], ids[i]);
        }

        return changed;
    }
}
