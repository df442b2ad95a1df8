using System.Diagnostics;
using P2PCam.Codecs.Frames;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Frames;

/// <summary>Conversion beside FFmpeg's swscale, which nobody here wrote, on a picture without sharp edges.</summary>
public class SwscaleTests
{
    private const int Width = 320;
    private const int Height = 180;

    [ToolTheory("ffmpeg")]
    [InlineData(PixelFormat.Rgb24, "rgb24")]
    [InlineData(PixelFormat.Bgra32, "bgra")]
    [InlineData(PixelFormat.Nv12, "nv12")]
    [InlineData(PixelFormat.Yuy2, "yuyv422")]
    public void ToI420_IsWithinTwoOfSwscale(PixelFormat format, string name)
    {
        var source = Swscale(Pixels.SmoothRgb(Width, Height), "rgb24", name);
        using var frame = VideoFrame.Copy(source, Width, Height, format, default);
        using var ours = FrameConverter.ToI420(frame);
        AssertClose(Swscale(source, name, "yuv420p"), Pixels.ToArray(ours), 2);
    }

    [ToolTheory("ffmpeg")]
    [InlineData(PixelFormat.Rgb24, "rgb24")]
    [InlineData(PixelFormat.Bgra32, "bgra")]
    public void FromI420_IsWithinTwoOfSwscale(PixelFormat format, string name)
    {
        var source = Swscale(Pixels.SmoothRgb(Width, Height), "rgb24", "yuv420p");
        using var frame = VideoFrame.Copy(source, Width, Height, PixelFormat.I420, default);
        using var ours = FrameConverter.Convert(frame, format);
        AssertClose(Swscale(source, "yuv420p", name), Pixels.ToArray(ours), 2);
    }

    private static void AssertClose(byte[] expected, byte[] actual, int limit)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, limit);
    }

    // Chroma from 2x2 means on the way in, one chroma sample for its whole block on the way out, as we do it.
    private static byte[] Swscale(byte[] pixels, string from, string to)
    {
        var size = $"{Width}x{Height}";
        string[] arguments =
        [
            "-v", "error", "-f", "rawvideo", "-pix_fmt", from, "-s", size, "-i", "pipe:0",
            "-sws_flags", from == "yuv420p" ? "neighbor+accurate_rnd+full_chroma_int" : "area+accurate_rnd+full_chroma_inp",
            "-f", "rawvideo", "-pix_fmt", to, "pipe:1",
        ];
        var start = new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(pixels);
            process.StandardInput.Close();
        });
        using var result = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(result);
        writing.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return result.ToArray();
    }
}
