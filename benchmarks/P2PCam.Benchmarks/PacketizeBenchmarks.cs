using BenchmarkDotNet.Attributes;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Benchmarks;

/// <summary>Cutting one encoded frame into RTP payloads, which happens once whatever the number of viewers.</summary>
[MemoryDiagnoser]
public class PacketizeBenchmarks
{
    private readonly Vp8Packetizer _packetizer = new(CryptographicRandom.Instance);
    private byte[] _frame = [];

    /// <summary>Bytes of the encoded frame: an average one at 1.5 Mbit/s and 30 fps, and a key frame.</summary>
    [Params(6_250, 60_000)]
    public int FrameBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _frame = new byte[FrameBytes];
        new Random(1).NextBytes(_frame);
    }

    [Benchmark]
    public int Packetize()
    {
        var frame = _packetizer.Packetize(_frame, new Vp8FrameInfo(false, 90_000, TimeSpan.Zero));
        var count = frame.PacketCount;
        frame.Release();
        return count;
    }
}
