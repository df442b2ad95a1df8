using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Generic NACK (RFC 4585 section 6.2.1): pairs of a lost sequence number and a bit mask of the 16 after it.
/// <code>
/// |            SSRC of packet sender                              |
/// |            SSRC of media source                               |
/// |            PID (16)           |             BLP (16)          |  repeated
/// </code>
/// </summary>
internal readonly ref struct GenericNack
{
    private readonly ReadOnlySpan<byte> _pairs;

    private GenericNack(scoped in RtcpPacketView packet)
    {
        SenderSsrc = packet.ReadSsrc(0);
        MediaSsrc = packet.ReadSsrc(4);
        _pairs = packet.Body[8..];
    }

    public uint SenderSsrc { get; }

    public uint MediaSsrc { get; }

    /// <summary>Walks the lost sequence numbers in the order they are listed.</summary>
    public Enumerator GetEnumerator() => new(_pairs);

    public static bool TryParse(scoped in RtcpPacketView packet, out GenericNack nack)
    {
        var valid = packet.Kind == RtcpPacketKind.GenericNack && packet.Body.Length >= 12;
        nack = valid ? new GenericNack(packet) : default;
        return valid;
    }

    /// <summary>
    /// Writes as many of the lost packets as the destination has room for; the rest waits for the next NACK.
    /// </summary>
    /// <param name="destination">At least 16 bytes.</param>
    /// <param name="senderSsrc">Who asks.</param>
    /// <param name="mediaSsrc">The stream that has gaps.</param>
    /// <param name="lost">At least one sequence number, ascending in the sense of serial numbers.</param>
    /// <param name="written">How many of <paramref name="lost"/> went in.</param>
    /// <returns>The packet's length.</returns>
    public static int Write(Span<byte> destination, uint senderSsrc, uint mediaSsrc, ReadOnlySpan<ushort> lost, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lost.Length, nameof(lost));
        _ = RtcpHeader.Take(destination, RtcpHeader.FeedbackLength + 4);
        var at = RtcpHeader.FeedbackLength;
        written = 0;
        while (written < lost.Length && at + 4 <= destination.Length)
        {
            var first = lost[written++];
            var mask = 0;
            while (written < lost.Length && (ushort)(lost[written] - first) is var distance and <= 16)
            {
                // A number listed twice has distance 0 and adds no bit.
                mask |= (1 << distance) >> 1;
                written++;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], first);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 2)..], (ushort)mask);
            at += 4;
        }

        RtcpHeader.WriteFeedback(
            destination, RtcpHeader.NackFormat, RtcpHeader.TransportLayerFeedbackType, at, senderSsrc, mediaSsrc);
        return at;
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> pairs)
    {
        private ReadOnlySpan<byte> _rest = pairs;
        private ushort _first;
        private uint _mask;

        public ushort Current { get; private set; }

        public bool MoveNext()
        {
            if (_mask == 0)
            {
                if (_rest.Length < 4)
                {
                    return false;
                }

                // The mask with PID itself as bit 0.
                _first = BinaryPrimitives.ReadUInt16BigEndian(_rest);
                _mask = (uint)(BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) << 1) | 1;
                _rest = _rest[4..];
            }

            Current = (ushort)(_first + System.Numerics.BitOperations.TrailingZeroCount(_mask));
            _mask &= _mask - 1;
            return true;
        }
    }
}
