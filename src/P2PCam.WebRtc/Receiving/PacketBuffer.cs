using System.Buffers;
using P2PCam.WebRtc.Receiving.Payloads;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>One received packet's payload and what the assembly needs to know of it.</summary>
internal struct BufferedPacket
{
    public long SequenceNumber;
    public byte[]? Data;
    public int Length;
    public uint Timestamp;
    public bool Marker;
    public RtpVideoCodec Codec;
    public PayloadFlags Flags;

    /// <summary>The bytes that the data will take in the frame.</summary>
    public int OutputLength;

    public readonly bool Is(PayloadFlags flag) => (Flags & flag) != 0;
}

/// <summary>
/// Packets that cannot be used yet, by extended sequence number, in a ring: at most <see cref="Capacity"/> of them, whatever arrives.
/// </summary>
internal sealed class PacketBuffer
{
    public const int Capacity = 2048;
    private readonly BufferedPacket[] _slots = new BufferedPacket[Capacity];

    /// <summary>Whether this packet is here.</summary>
    public bool Contains(long sequenceNumber) => _slots[Slot(sequenceNumber)] is { Data: not null } packet && packet.SequenceNumber == sequenceNumber;

    public ref readonly BufferedPacket Get(long sequenceNumber) => ref _slots[Slot(sequenceNumber)];

    /// <summary>Copies a packet in; one that is far older loses its place.</summary>
    public void Add(in BufferedPacket packet, ReadOnlySpan<byte> data)
    {
        ref var slot = ref _slots[Slot(packet.SequenceNumber)];
        Free(ref slot);
        slot = packet;
        slot.Data = ArrayPool<byte>.Shared.Rent(data.Length);
        slot.Length = data.Length;
        data.CopyTo(slot.Data);
    }

    public void Remove(long sequenceNumber)
    {
        ref var slot = ref _slots[Slot(sequenceNumber)];
        if (slot.SequenceNumber == sequenceNumber)
        {
            Free(ref slot);
        }
    }

    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            Free(ref slot);
        }
    }

    private static int Slot(long sequenceNumber) => (int)(sequenceNumber & (Capacity - 1));

    private static void Free(ref BufferedPacket slot)
    {
        if (slot.Data is { } data)
        {
            ArrayPool<byte>.Shared.Return(data);
            slot = default;
        }
    }
}
