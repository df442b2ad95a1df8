using System.Buffers;
using System.Diagnostics;
using P2PCam.Codecs.Jpeg;
using P2PCam.Codecs.Tests.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Jpeg;

public class JpegEncoderTests
{
    [ToolFact("ffmpeg")]
    public void Encode_AllSizesAndQualities_DecodesToNearlyTheSamePicture()
    {
        foreach (var (width, height) in ((int, int)[])[(64, 48), (1, 1), (17, 33), (175, 143), (640, 360)])
        {
            using var frame = Clips.Make(Clips.Content.Moving, width, height, 3);
            var expected = Vectors.Pixels(frame);
            foreach (var (quality, least) in ((int, double)[])[(30, 24), (75, 30), (95, 38), (100, 44)])
            {
                var decoded = Decode(Encode(frame, quality), width, height);
                var psnr = Clips.Psnr(expected, decoded, expected.Length);
                Assert.True(psnr >= least, $"{width}x{height} at quality {quality}: {psnr:F1} dB");
            }
        }
    }

    [ToolFact("ffmpeg")]
    public void Encode_Noise_DecodesAtTheLargestCoefficients()
    {
        // Every symbol of the tables comes up, and bytes FF in the scan.
        using var frame = VideoFrame.Rent(256, 256, PixelFormat.I420, default, out var memory);
        var random = new Random(3);
        for (var i = 0; i < memory.Length; i++)
        {
            memory.Span[i] = (byte)(random.Next(2) == 0 ? 16 : 235);
        }

        var decoded = Decode(Encode(frame, 100), 256, 256);
        Assert.InRange(Clips.Psnr(Vectors.Pixels(frame), decoded, decoded.Length), 40, 99);
    }

    [Fact]
    public void Encode_HigherQuality_TakesMoreBytes()
    {
        using var frame = Clips.Make(Clips.Content.Moving, 320, 240, 0);
        var sizes = ((int[])[1, 20, 50, 80, 100]).Select(quality => Encode(frame, quality).Length).ToArray();
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes[0] * 4 < sizes[^1], string.Join(' ', sizes));
    }

    [Fact]
    public void Encode_OtherFormat_GivesWhatItsI420Gives()
    {
        using var i420 = Clips.Make(Clips.Content.Moving, 32, 32, 0);
        var (chroma, pixels) = (new byte[512], Vectors.Pixels(i420));
        for (var i = 0; i < 256; i++)
        {
            (chroma[2 * i], chroma[(2 * i) + 1]) = (pixels[1024 + i], pixels[1280 + i]);
        }

        using var nv12 = VideoFrame.Copy([.. pixels.AsSpan(0, 1024), .. chroma], 32, 32, PixelFormat.Nv12, default);
        Assert.Equal(Encode(i420, 80), Encode(nv12, 80));
    }

    [Fact]
    public void Constructor_QualityOutOfRange_NamesTheRange()
    {
        Assert.Contains("from 1 to 100", Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(101));
    }

    /// <summary>The factorized transform against the definition (ITU-T T.81 A.3.3).</summary>
    [Fact]
    public void ForwardDct_random_samples_as_defined()
    {
        var random = new Random(4);
        var samples = new float[64];
        for (var i = 0; i < 64; i++)
        {
            samples[i] = random.Next(-128, 128);
        }

        var input = (float[])samples.Clone();
        ForwardDct.Transform(samples);
        for (var (v, i) = (0, 0); v < 8; v++)
        {
            for (var u = 0; u < 8; u++, i++)
            {
                var sum = 0.0;
                for (var j = 0; j < 64; j++)
                {
                    sum += input[j] * Math.Cos((2 * (j % 8) + 1) * u * Math.PI / 16) * Math.Cos((2 * (j / 8) + 1) * v * Math.PI / 16);
                }

                var expected = sum / 4 * (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1);
                Assert.Equal(expected, samples[i] / ForwardDct.ScaleOf(i), 1e-3);
            }
        }
    }

    private static byte[] Encode(VideoFrame frame, int quality)
    {
        var output = new ArrayBufferWriter<byte>();
        new JpegEncoder(quality).Encode(frame, output);
        return output.WrittenSpan.ToArray();
    }

    // The planes as they are in the file, brought back to the limited range of video.
    private static byte[] Decode(byte[] file, int width, int height)
    {
        var path = Path.Combine(Path.GetTempPath(), $"p2pcam-{Guid.NewGuid():N}.jpg");
        try
        {
            File.WriteAllBytes(path, file);
            string[] arguments = ["-v", "error", "-nostdin", "-f", "mjpeg", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuvj420p", "-"];
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            Assert.DoesNotContain("rror", errors.GetAwaiter().GetResult(), StringComparison.Ordinal);
            var pixels = output.ToArray();
            Assert.Equal(VideoFrame.GetByteCount(width, height, PixelFormat.I420), pixels.Length);
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = i < width * height
                    ? (byte)Math.Round((pixels[i] * 219.0 / 255) + 16)
                    : (byte)Math.Round(((pixels[i] - 128) * 224.0 / 255) + 128);
            }

            return pixels;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
