using System.Diagnostics;
using P2PCam.Sources.TestPattern;
using P2PCam.TestKit;
using P2PCam.TestKit.Pictures;

namespace P2PCam.Tests.Sources;

/// <summary>The code strip must survive what viewers get: VP8 at a low bit rate, by an encoder that nobody here wrote.</summary>
public sealed class TestPatternCompressionTests : IDisposable
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int Frames = 45;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcam-strip");

    [ToolFact("ffmpeg")]
    public void CodeStrip_AfterVp8At500Kilobits_IsReadInEveryFrame()
    {
        string PathOf(string name) => Path.Combine(_folder.FullName, name);
        var (raw, coded, decoded) = (PathOf("raw.yuv"), PathOf("coded.ivf"), PathOf("decoded.yuv"));
        var pixels = new byte[VideoFrame.GetByteCount(Width, Height, PixelFormat.I420)];
        var painter = new TestPatternPainter(Width, Height, 30, "no camera: test pattern");
        using (var file = File.Create(raw))
        {
            for (var number = 0; number < Frames; number++)
            {
                painter.Paint(pixels, 0x7FFFE0 + number, DateTimeOffset.UnixEpoch.AddSeconds(number / 30.0));
                file.Write(pixels);
            }
        }

        string[] format = ["-f", "rawvideo", "-pix_fmt", "yuv420p"];
        // -8 and not 8: libvpx chooses its speed by the clock otherwise, and the picture with it.
        string[] encoder = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-b:v", "500k"];
        FFmpeg([.. format, "-s", $"{Width}x{Height}", "-r", "30", "-i", raw, .. encoder, coded]);
        FFmpeg(["-i", coded, .. format, "-vsync", "passthrough", decoded]);

        Assert.InRange(new FileInfo(coded).Length, 1, 200_000);
        using var result = File.OpenRead(decoded);
        Assert.Equal((long)Frames * pixels.Length, result.Length);
        for (var number = 0; number < Frames; number++)
        {
            result.ReadExactly(pixels);
            Assert.Equal(0x7FFFE0 + number, CodeStripReader.Read(pixels, Width, Width, Height));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void FFmpeg(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
