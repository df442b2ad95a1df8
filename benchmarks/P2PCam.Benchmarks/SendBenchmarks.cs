using System.Net;
using BenchmarkDotNet.Attributes;
using P2PCam.Networking;

namespace P2PCam.Benchmarks;

/// <summary>Handing one frame of six packets to the kernel on loopback: one call with segmentation offload against six calls.</summary>
[MemoryDiagnoser]
public class SendBenchmarks
{
    private const int PacketBytes = 1_082;
    private const int Packets = 6;
    private readonly byte[] _frame = new byte[Packets * PacketBytes];
    private UdpEndpoint _sender = null!;
    private UdpEndpoint _receiver = null!;

    [GlobalSetup]
    public void Setup()
    {
        _sender = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        _receiver = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public void OneCallPerPacket()
    {
        for (var offset = 0; offset < _frame.Length; offset += PacketBytes)
        {
            _sender.Send(_frame.AsSpan(offset, PacketBytes), PacketBytes, _receiver.Local);
        }
    }

    [Benchmark]
    public void OneCallPerFrame() => _sender.Send(_frame, PacketBytes, _receiver.Local);
}
