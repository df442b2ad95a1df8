using System.Buffers;
using BenchmarkDotNet.Attributes;
using P2PCam.Codecs.Jpeg;
using P2PCam.Sources.TestPattern;

namespace P2PCam.Benchmarks;

/// <summary>One frame of the test pattern at 1280x720, to JPEG of quality 85 and back.</summary>
[MemoryDiagnoser]
public class JpegBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(512 * 1024);
    private readonly JpegEncoder _encoder = new();
    private readonly JpegDecoder _decoder = new();
    private VideoFrame _frame = null!;
    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        _frame = VideoFrame.Rent(1280, 720, PixelFormat.I420, default, out var pixels);
        new TestPatternPainter(1280, 720, 30, "benchmark").Paint(pixels.Span, 7, DateTimeOffset.UnixEpoch);
        Encode();
        _file = _output.WrittenSpan.ToArray();
    }

    [GlobalCleanup]
    public void Cleanup() => _frame.Dispose();

    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        _encoder.Encode(_frame, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public JpegDecodeResult Decode()
    {
        var result = _decoder.Decode(_file, default, out var picture);
        picture?.Dispose();
        return result;
    }
}
