using System.Buffers;
using BenchmarkDotNet.Attributes;
using P2PCam.Codecs.Vp8;
using P2PCam.Sources.TestPattern;

namespace P2PCam.Benchmarks;

/// <summary>Encoding one frame of the moving test pattern to VP8, at the default bit rate for 30 frames a second; key frames are rare.</summary>
[MemoryDiagnoser]
public class EncodeBenchmarks
{
    private const int Pictures = 30;
    private readonly List<VideoFrame> _frames = [];
    private readonly ArrayBufferWriter<byte> _output = new(512 * 1024);
    private Vp8Encoder _encoder = null!;
    private int _next;

    [Params("640x360", "1280x720", "1920x1080")]
    public string Size { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; } = 1;

    [GlobalSetup]
    public void Setup()
    {
        var (width, height) = Size switch { "640x360" => (640, 360), "1280x720" => (1280, 720), _ => (1920, 1080) };
        var painter = new TestPatternPainter(width, height, 30, "benchmark");
        for (var number = 0; number < Pictures; number++)
        {
            var frame = VideoFrame.Rent(width, height, PixelFormat.I420, TimeSpan.FromSeconds(number / 30.0), out var pixels);
            painter.Paint(pixels.Span, number, DateTimeOffset.UnixEpoch.AddSeconds(number / 30.0));
            _frames.Add(frame);
        }

        _encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, Threads = Threads });
        Encode();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _encoder.Dispose();
        _frames.ForEach(frame => frame.Dispose());
    }

    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        return _encoder.Encode(_frames[_next++ % Pictures], false, _output).BytesWritten;
    }
}
