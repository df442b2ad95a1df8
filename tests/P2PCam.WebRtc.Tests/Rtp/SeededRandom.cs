using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Rtp;

/// <summary>Random bytes that repeat from run to run.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
