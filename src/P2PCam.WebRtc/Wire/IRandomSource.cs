using System.Security.Cryptography;

namespace P2PCam.WebRtc.Wire;

/// <summary>Where the engine takes random bytes from: the system's generator in a product, a seeded one in a simulation.</summary>
internal interface IRandomSource
{
    void Fill(Span<byte> destination);
}

/// <summary>The system's cryptographic generator.</summary>
internal sealed class CryptographicRandom : IRandomSource
{
    public static CryptographicRandom Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
