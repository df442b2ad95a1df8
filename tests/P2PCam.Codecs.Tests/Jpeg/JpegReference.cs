using System.Diagnostics;
using P2PCam.Codecs.Tests.Vp8;

namespace P2PCam.Codecs.Tests.Jpeg;

/// <summary>What FFmpeg makes of a JPEG file, brought to I420 in limited range by the plainest arithmetic.</summary>
internal static class JpegReference
{
    /// <summary>
    /// How far a sample may be off: FFmpeg's transform works in whole numbers and rounds to 1 of 255, ours rounds once after the range was changed. Half a step each and the mean
    /// of several samples make 2 at most.
    /// </summary>
    public const int MaxDifference = 2;

    /// <summary>The picture as FFmpeg decodes it; <paramref name="across"/> and <paramref name="down"/>: how many luma samples there are for one of chroma, 0 for gray.</summary>
    public static byte[] Decode(byte[] file, int width, int height, int across, int down)
    {
        var pixels = Run(["-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-frames:v", "1", "-"], file);
        var luma = pixels.AsSpan(0, width * height);
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        var output = new List<byte>(width * height * 3 / 2);
        foreach (var value in luma)
        {
            output.Add((byte)Math.Round((value * 219.0 / 255) + 16));
        }

        if (across == 0)
        {
            output.AddRange(Enumerable.Repeat((byte)128, 2 * halfWidth * halfHeight));
            return [.. output];
        }

        var (chromaWidth, chromaHeight) = ((width + across - 1) / across, (height + down - 1) / down);
        Assert.Equal((width * height) + (2 * chromaWidth * chromaHeight), pixels.Length);
        for (var plane = 0; plane < 2; plane++)
        {
            var chroma = pixels.AsSpan((width * height) + (plane * chromaWidth * chromaHeight), chromaWidth * chromaHeight);
            for (var y = 0; y < halfHeight; y++)
            {
                for (var x = 0; x < halfWidth; x++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < 4; i++)
                    {
                        // The luma sample in each of the four places, and the chroma sample over it.
                        var (u, v) = (Math.Min(((2 * x) + (i & 1)) / across, chromaWidth - 1), Math.Min(((2 * y) + (i >> 1)) / down, chromaHeight - 1));
                        sum += chroma[(v * chromaWidth) + u];
                    }

                    output.Add((byte)Math.Round((((sum / 4) - 128) * 224 / 255) + 128));
                }
            }
        }

        return [.. output];
    }

    /// <summary>Compares sample by sample.</summary>
    public static void Check(byte[] expected, VideoFrame picture, string what)
    {
        var actual = Vectors.Pixels(picture);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= MaxDifference, $"{what}: sample {i} of {picture.Width}x{picture.Height} is {actual[i]}, FFmpeg has {expected[i]}");
        }

        Assert.InRange(Clips.Psnr(expected, actual, actual.Length), 47, 99);
    }

    /// <summary>Standard output of FFmpeg.</summary>
    public static byte[] Run(string[] arguments, byte[]? input = null)
    {
        var info = new ProcessStartInfo("ffmpeg", ["-v", "error", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        Assert.DoesNotContain("rror", errors.GetAwaiter().GetResult(), StringComparison.Ordinal);
        return output.ToArray();
    }
}
