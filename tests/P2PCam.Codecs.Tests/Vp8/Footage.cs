using System.Diagnostics;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Pictures that FFmpeg reads or makes, in I420, at 30 frames per second unless told otherwise, whatever their own rate.</summary>
internal sealed class Footage
{
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;

    private Footage(int width, int height, params string[] input)
    {
        (_width, _height) = (width, height);
        string[] output = ["-frames:v", "270", "-vf", $"scale={width}:{height}:flags=bilinear", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", .. input, .. output]) { RedirectStandardOutput = true })!;
        using var pixels = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(pixels);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        _pixels = pixels.ToArray();
    }

    public static Footage Street(int width, int height) => new(width, height, "-i", FootageFactAttribute.Path);

    /// <summary>A fixed camera, clean, over a road: one of the cases from the field.</summary>
    public static Footage Cars(int width, int height) => new(width, height, "-i", Repository.Case("files/car-detection.mp4"));

    public static Footage TestPattern(int width, int height) => new(width, height, "-f", "lavfi", "-i", $"testsrc2=size={width}x{height}:rate=30");

    /// <summary>All pictures, one after the other.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    public VideoFrame Frame(int index) => Frame(index, 30);

    public VideoFrame Frame(int index, int frameRate)
    {
        var frame = VideoFrame.Rent(_width, _height, PixelFormat.I420, TimeSpan.FromSeconds((double)index / frameRate), out var memory);
        _pixels.AsSpan(index % (_pixels.Length / memory.Length) * memory.Length, memory.Length).CopyTo(memory.Span);
        return frame;
    }
}
