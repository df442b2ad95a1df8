using System.Buffers;
using P2PCam.Codecs.Jpeg;
using P2PCam.Codecs.Jpeg.Decoding;
using P2PCam.Codecs.Tests.Vp8;
using P2PCam.TestKit;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Codecs.Tests.Jpeg;

public class JpegDecoderTests
{
    [ToolFact("ffmpeg")]
    public void Decode_FFmpegsPictures_IsNearlyAsFFmpegHasThem()
    {
        foreach (var (format, across, down) in ((string, int, int)[])[("yuvj420p", 2, 2), ("yuvj422p", 2, 1), ("yuvj444p", 1, 1)])
        {
            foreach (var (width, height) in ((int, int)[])[(64, 48), (16, 16), (34, 18), (175, 143), (640, 360)])
            {
                foreach (var quality in (int[])[2, 31])
                {
                    string[] huffman = quality == 31 ? ["-huffman", "optimal"] : ["-huffman", "default"];
                    var file = JpegReference.Run(["-f", "lavfi", "-i", "testsrc2=size=640x360", "-frames:v", "1", "-vf", $"scale={width}:{height}:out_range=full,noise=alls=20:all_seed=1", "-c:v", "mjpeg", "-pix_fmt", format, "-q:v", $"{quality}", .. huffman, "-strict", "-1", "-f", "mjpeg", "-"]);
                    using var picture = Decode(file);
                    Assert.Equal((width, height, PixelFormat.I420), (picture.Width, picture.Height, picture.Format));
                    JpegReference.Check(JpegReference.Decode(file, width, height, across, down), picture, $"{format} at {quality}");
                }
            }
        }
    }

    [ToolFact("ffmpeg")]
    public void Decode_SamplingsRestartMarkersAndScansOfTheirOwn_IsNearlyAsFFmpegHasThem()
    {
        ((int, int)[] Sampling, int Across, int Down)[] samplings =
        [
            ([(1, 1)], 0, 0), ([(1, 1), (1, 1), (1, 1)], 1, 1), ([(2, 1), (1, 1), (1, 1)], 2, 1), ([(1, 2), (1, 1), (1, 1)], 1, 2),
            ([(2, 2), (1, 1), (1, 1)], 2, 2), ([(4, 1), (1, 1), (1, 1)], 4, 1), ([(2, 2), (1, 2), (1, 2)], 2, 1),
        ];
        foreach (var (sampling, across, down) in samplings)
        {
            foreach (var (interval, isAlone) in ((int, bool)[])[(0, false), (1, false), (3, false), (0, true), (5, true)])
            {
                var (width, height) = (83, 61);
                var file = new TestJpeg { Width = width, Height = height, Sampling = sampling, RestartInterval = interval, HasScanForEach = isAlone }.Write();
                using var picture = Decode(file);
                JpegReference.Check(JpegReference.Decode(file, width, height, across, down), picture, $"{string.Join(' ', sampling)} restart {interval} alone {isAlone}");
            }
        }
    }

    [Fact]
    public void Decode_WhatOurEncoderMakes_IsThePictureAgain()
    {
        foreach (var (width, height) in ((int, int)[])[(64, 48), (1, 1), (17, 33), (640, 360)])
        {
            using var frame = Clips.Make(Clips.Content.Moving, width, height, 3);
            using var picture = Decode(Encode(frame, 100));
            var expected = Vectors.Pixels(frame);
            var psnr = Clips.Psnr(expected, Vectors.Pixels(picture), expected.Length);
            Assert.True(psnr >= 44, $"{width}x{height}: {psnr:F1} dB");
        }
    }

    [Fact]
    public void Decode_WithoutHuffmanTables_TakesTheStandardsOwn()
    {
        using var with = Decode(new TestJpeg { Width = 50, Height = 40 }.Write());
        using var without = Decode(new TestJpeg { Width = 50, Height = 40, HasHuffmanTables = false }.Write());
        Assert.True(Vectors.Pixels(with).AsSpan().SequenceEqual(Vectors.Pixels(without)));
    }

    /// <summary>Tables of one picture must not be used for the next.</summary>
    [ToolFact("ffmpeg")]
    public void Decode_WithoutHuffmanTablesAfterAPictureWithOthers_TakesTheStandardsOwn()
    {
        var optimal = JpegReference.Run(["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", "-c:v", "mjpeg", "-huffman", "optimal", "-f", "mjpeg", "-"]);
        var bare = new TestJpeg { Width = 50, Height = 40, HasHuffmanTables = false }.Write();
        var decoder = new JpegDecoder();
        using var expected = Decode(bare);
        Assert.Equal(JpegDecodeResult.Ok, decoder.Decode(optimal, default, out var first));
        first!.Dispose();
        Assert.Equal(JpegDecodeResult.Ok, decoder.Decode(bare, default, out var second));
        using (second)
        {
            Assert.True(Vectors.Pixels(expected).AsSpan().SequenceEqual(Vectors.Pixels(second!)));
        }
    }

    [Fact]
    public void Decode_TimestampGiven_IsThePictures()
    {
        Assert.Equal(JpegDecodeResult.Ok, new JpegDecoder().Decode(new TestJpeg { Width = 8, Height = 8 }.Write(), TimeSpan.FromSeconds(3), out var picture));
        Assert.Equal(TimeSpan.FromSeconds(3), picture!.Timestamp);
        picture.Dispose();
    }

    [Fact]
    public void Decode_AfterWarmUp_AllocatesNothingButTheFrameObject()
    {
        byte[][] files = [new TestJpeg { Width = 320, Height = 240 }.Write(), new TestJpeg { Width = 320, Height = 240, Sampling = [(2, 1), (1, 1), (1, 1)], RestartInterval = 4 }.Write()];
        var decoder = new JpegDecoder();
        for (var i = 0; i < 20; i++)
        {
            DecodeAll();
        }

        var objects = SteadyState.LeastAllocated(() =>
        {
            foreach (var _ in files)
            {
                VideoFrame.Rent(320, 240, PixelFormat.I420, default, out var _).Dispose();
            }
        });
        Assert.Equal(objects, SteadyState.LeastAllocated(DecodeAll));

        void DecodeAll()
        {
            foreach (var file in files)
            {
                decoder.Decode(file, default, out var picture);
                picture!.Dispose();
            }
        }
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesOptionAndRange()
    {
        JpegDecoderOptions[] bad = [new() { MaxWidth = 0 }, new() { MaxHeight = 16384 }];
        Assert.All(bad, options =>
            Assert.Contains("must be from 1 to 16383", Assert.Throws<ArgumentOutOfRangeException>(() => new JpegDecoder(options)).Message, StringComparison.Ordinal));
    }

    /// <summary>The factorized transform against the definition (ITU-T T.81 A.3.3).</summary>
    [Fact]
    public void InverseDct_RandomCoefficients_IsAsDefined()
    {
        var random = new Random(5);
        var (coefficients, block, output) = (new double[64], new float[64], new byte[64]);
        for (var round = 0; round < 100; round++)
        {
            Array.Clear(coefficients);
            Array.Clear(block);
            for (var i = 0; i < 1 + (round % 64); i++)
            {
                var place = JpegHeader.ZigZag[i];
                coefficients[place] = random.Next(-200, 200) / (1 + (i * 0.3));
                block[InverseDct.TransposedZigZag[i]] = (float)(coefficients[place] * InverseDct.ScaleOf(place));
            }

            block[0] += 128.5f;
            InverseDct.Transform(block, output, 8, 0.5f, 255.5f);
            for (var i = 0; i < 64; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < 64; j++)
                {
                    var scale = (j % 8 == 0 ? Math.Sqrt(0.5) : 1) * (j / 8 == 0 ? Math.Sqrt(0.5) : 1) / 4;
                    sum += scale * coefficients[j] * Math.Cos(((2 * (i % 8)) + 1) * (j % 8) * Math.PI / 16) * Math.Cos(((2 * (i / 8)) + 1) * (j / 8) * Math.PI / 16);
                }

                // Half a step, and what single precision loses.
                Assert.InRange(output[i] - Math.Clamp(sum + 128, 0, 255), -0.51, 0.51);
            }
        }
    }

    internal static VideoFrame Decode(byte[] file)
    {
        var decoder = new JpegDecoder();
        var result = decoder.Decode(file, default, out var picture);
        Assert.True(result == JpegDecodeResult.Ok, $"{result}: {decoder.Reason}");
        Assert.Equal("", decoder.Reason);
        return picture!;
    }

    internal static byte[] Encode(VideoFrame frame, int quality)
    {
        var output = new ArrayBufferWriter<byte>();
        new JpegEncoder(quality).Encode(frame, output);
        return output.WrittenSpan.ToArray();
    }
}
