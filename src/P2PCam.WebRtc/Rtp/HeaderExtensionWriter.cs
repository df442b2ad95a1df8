using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// Appends a one-byte header extension (RFC 8285 section 4.2) to a fixed header that <see cref="RtpHeader.Write"/> wrote.
/// <code>
/// |    0xBE    |    0xDE    |  length in words (2)  | ID|L data ID|L data ... zero padding to a whole word |
/// </code>
/// With no element added the packet keeps its plain 12-byte header.
/// </summary>
internal ref struct HeaderExtensionWriter(Span<byte> packet)
{
    private const int BlockStart = RtpHeader.FixedLength;
    private const int ElementsStart = BlockStart + 4;

    private readonly Span<byte> _packet = packet;
    private int _end = ElementsStart;

    /// <summary>The media stream identification that BUNDLE demultiplexes by (RFC 9143 section 15): 1–16 bytes of UTF-8.</summary>
    public void AddMid(byte id, ReadOnlySpan<byte> mid) => mid.CopyTo(Add(id, mid.Length));

    /// <summary>The transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2).</summary>
    public void AddTransportSequenceNumber(byte id, ushort sequenceNumber) =>
        BinaryPrimitives.WriteUInt16BigEndian(Add(id, 2), sequenceNumber);

    /// <summary>When the packet leaves, as 24 bits of fixed point seconds (<see cref="AbsoluteSendTime"/>).</summary>
    public void AddAbsoluteSendTime(byte id, TimeSpan now) => AbsoluteSendTime.Write(Add(id, AbsoluteSendTime.Length), now);

    /// <summary>Appends an element of 1–16 bytes and hands its data out for writing.</summary>
    public Span<byte> Add(byte id, int length)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, (byte)14);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 16);
        var element = _packet.Slice(_end, length + 1);
        element[0] = (byte)((id << 4) | (length - 1));
        _end += length + 1;
        return element[1..];
    }

    /// <summary>Pads the block, fills in its length and sets the X bit.</summary>
    /// <returns>The length of the whole header: where the payload starts.</returns>
    public readonly int Finish()
    {
        if (_end == ElementsStart)
        {
            return BlockStart;
        }

        var end = (_end + 3) & ~3;
        _packet[_end..end].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_packet[BlockStart..], HeaderExtensionEnumerator.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(_packet[(BlockStart + 2)..], (ushort)((end - ElementsStart) / 4));
        _packet[0] |= RtpHeader.ExtensionBit;
        return end;
    }
}
