using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Walks the packets of an RTCP datagram (RFC 3550 section 6.1). Reduced-size datagrams, which need no report in front
/// (RFC 5506), are read like any other. At the first malformed packet the walk ends with <see cref="IsMalformed"/> set: what was
/// read before it stands.
/// </summary>
internal ref struct RtcpCompoundReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public RtcpPacketView Current { get; private set; }

    /// <summary>Bytes were left that are no RTCP packet.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!TryTake(_rest, out var packet, out var length) || !packet.HasPromisedLength)
        {
            IsMalformed = true;
            _rest = default;
            return false;
        }

        Current = packet;
        _rest = _rest[length..];
        return true;
    }

    private static bool TryTake(ReadOnlySpan<byte> rest, out RtcpPacketView packet, out int length)
    {
        packet = default;
        length = 0;
        if (rest.Length < RtcpHeader.Length || (rest[0] & 0xC0) != 0x80)
        {
            return false;
        }

        length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 1);
        if (rest.Length < length)
        {
            return false;
        }

        var body = rest[RtcpHeader.Length..length];
        if ((rest[0] & 0x20) != 0)
        {
            // The last byte counts the padding, itself included, in whole words.
            if (body.IsEmpty || body[^1] == 0 || body[^1] % 4 != 0 || body[^1] > body.Length)
            {
                return false;
            }

            body = body[..^body[^1]];
        }

        packet = new RtcpPacketView((byte)(rest[0] & 0x1F), rest[1], body);
        return true;
    }
}
