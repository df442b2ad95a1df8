using System.Buffers;

namespace P2PCam.WebRtc.Sessions;

/// <summary>
/// Encrypted RTP that comes before the keys: the side that ends the handshake first sends at once, and its first packets, those of the key frame,
/// overtake the last handshake message or the thread that works on it. Bounded; only for an authenticated pair.
/// </summary>
internal sealed class EarlyPackets
{
    private const int Capacity = 256;
    private readonly Queue<(TimeSpan At, byte[] Buffer, int Length)> _packets = new();

    public delegate void Handler(TimeSpan now, Span<byte> packet);

    public void Add(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        if (_packets.Count >= Capacity)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        _packets.Enqueue((now, buffer, packet.Length));
    }

    /// <summary>Hands out what is here, each with the time at which it came.</summary>
    public void Replay(Handler handle)
    {
        while (_packets.TryDequeue(out var packet))
        {
            handle(packet.At, packet.Buffer.AsSpan(0, packet.Length));
            ArrayPool<byte>.Shared.Return(packet.Buffer);
        }
    }

    public void Clear()
    {
        while (_packets.TryDequeue(out var packet))
        {
            ArrayPool<byte>.Shared.Return(packet.Buffer);
        }
    }
}
