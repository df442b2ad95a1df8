using System.Buffers.Binary;

namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// As much of the RTP header as SRTP needs: where it ends (RFC 3550 section 5.1 and 5.3.1).
/// <code>
///   0                   1                   2                   3
///  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///  |                           timestamp                           |
///  |                             SSRC                              |
///  :                     CC contributing sources                   :
///  |      defined by profile       |       length in words         |  if X
///  :                        header extension                       :
/// </code>
/// </summary>
internal static class RtpHeaderBounds
{
    public const int FixedLength = 12;

    /// <summary>The header's length, or -1 if it is no RTP header or goes beyond <paramref name="packet"/>.</summary>
    public static int Measure(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < FixedLength || packet[0] >> 6 != 2)
        {
            return -1;
        }

        var length = FixedLength + ((packet[0] & 0x0F) * 4);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
            {
                return -1;
            }

            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4);
        }

        return length <= packet.Length ? length : -1;
    }

    public static ushort SequenceNumber(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    public static uint Ssrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
}
