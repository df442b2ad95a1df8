using BenchmarkDotNet.Attributes;
using P2PCam.Codecs.Frames;

namespace P2PCam.Benchmarks;

/// <summary>Bringing one 1280×720 frame of each format into I420, which the encoder takes.</summary>
[MemoryDiagnoser]
public class ConvertBenchmarks
{
    private const int Width = 1280;
    private const int Height = 720;
    private VideoFrame _frame = null!;

    [Params(PixelFormat.Nv12, PixelFormat.Yuy2, PixelFormat.Bgra32, PixelFormat.Rgb24)]
    public PixelFormat Format { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var pixels = new byte[VideoFrame.GetByteCount(Width, Height, Format)];
        new Random(1).NextBytes(pixels);
        _frame = VideoFrame.Copy(pixels, Width, Height, Format, TimeSpan.Zero);
    }

    [GlobalCleanup]
    public void Cleanup() => _frame.Dispose();

    [Benchmark]
    public int ToI420()
    {
        using var converted = FrameConverter.ToI420(_frame);
        return converted.Width;
    }
}
