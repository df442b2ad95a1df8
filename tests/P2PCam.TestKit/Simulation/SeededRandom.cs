using P2PCam.WebRtc.Wire;

namespace P2PCam.TestKit.Simulation;

/// <summary>Random bytes that are the same in every run.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
