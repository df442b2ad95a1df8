using System.Buffers;
using BenchmarkDotNet.Attributes;
using P2PCam.Codecs.Vp8;

namespace P2PCam.Benchmarks;

/// <summary>Decoding 1280x720 at 30 fps, per frame: a textured picture that pans under a box that moves the other way, and then stands still.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks : IDisposable
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int Frames = 30;
    private readonly List<byte[]> _frames = [];
    private readonly Vp8Decoder _decoder = new();

    /// <summary>Bits per second of the stream.</summary>
    [Params(1_500_000, 8_000_000)]
    public int Bitrate { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = Width, Height = Height, TargetBitrate = Bitrate, DropFrames = false });
        var output = new ArrayBufferWriter<byte>();
        for (var index = 0; index < Frames; index++)
        {
            using var picture = Paint(Math.Min(index, Frames / 2));
            output.ResetWrittenCount();
            encoder.Encode(picture, forceKeyFrame: index == 0, output);
            _frames.Add(output.WrittenSpan.ToArray());
        }
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Decode()
    {
        var shown = 0;
        foreach (var frame in _frames)
        {
            if (_decoder.Decode(frame, default, out var picture) != Vp8DecodeResult.Ok)
            {
                throw new InvalidOperationException("The encoder's frame does not decode.");
            }

            shown += picture is null ? 0 : 1;
            picture?.Dispose();
        }

        return shown;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static VideoFrame Paint(int time)
    {
        var frame = VideoFrame.Rent(Width, Height, PixelFormat.I420, default, out var memory);
        var pixels = memory.Span;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (u, v) = (x + (time * 3), y + time);
                var inBox = x + (time * 4) is > 600 and < 900 && y is > 200 and < 500;
                pixels[(y * Width) + x] = (byte)(inBox ? (x / 7 * 40) ^ (y / 9 * 30) : 128 + ((u * v / 300 % 64) - 32) + (u / 5 % 16));
            }
        }

        pixels[(Width * Height)..].Fill(120);
        return frame;
    }
}
