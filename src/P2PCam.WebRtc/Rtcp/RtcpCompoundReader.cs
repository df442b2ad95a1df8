using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Walks the packets of an RTCP datagram (RFC 3550 section 6.1). Reduced-size datagrams, which need no report in front
/// (RFC 5506), are read like any other. A malformed packet loses only itself: <see cref="IsMalformed"/> is set, and the walk goes on behind
/// the
/// length that it gives. It ends where there is no such length.
/// </summary>
internal ref struct RtcpCompoundReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public RtcpPacketView Current { get; private set; }

    /// <summary>Bytes were passed over that are no RTCP packet.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            // The length field stands at the same place in every version, so what follows is found behind any of them.
            var length = _rest.Length < RtcpHeader.Length ? int.MaxValue : 4 * (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1);
            if (length > _rest.Length)
            {
                _rest = default;
            }
            else
            {
                var bytes = _rest[..length];
                _rest = _rest[length..];
                if (TryView(bytes, out var packet) && packet.HasPromisedLength)
                {
                    Current = packet;
                    return true;
                }
            }

            IsMalformed = true;
        }

        return false;
    }

    private static bool TryView(ReadOnlySpan<byte> bytes, out RtcpPacketView packet)
    {
        packet = default;
        if ((bytes[0] & 0xC0) != 0x80)
        {
            return false;
        }

        packet = new RtcpPacketView((byte)(bytes[0] & 0x1F), bytes[1], bytes[RtcpHeader.Length..]);
        return (bytes[0] & 0x20) == 0 || TryTakePadding(ref packet);
    }

    // The last byte counts the padding, itself included, in whole words; only behind the deltas of transport feedback it fills up what is
    // left of one.
    private static bool TryTakePadding(ref RtcpPacketView packet)
    {
        var body = packet.Body;
        if (body.IsEmpty || body[^1] == 0 || body[^1] > body.Length
            || (body[^1] % 4 != 0 && packet.Kind != RtcpPacketKind.TransportFeedback))
        {
            return false;
        }

        packet = new RtcpPacketView(packet.CountOrFormat, packet.Type, body[..^body[^1]]);
        return true;
    }
}
