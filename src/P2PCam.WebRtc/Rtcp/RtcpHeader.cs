using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// The four bytes that every RTCP packet starts with (RFC 3550 section 6.4.1), and the sources that follow in feedback
/// (RFC 4585 section 6.1).
/// <code>
/// |V=2|P| RC or FMT (5) |    PT (8)     |   length in words - 1 (16)    |
/// |                  SSRC of packet sender                              |
/// |                  SSRC of media source (feedback only)               |
/// </code>
/// </summary>
internal static class RtcpHeader
{
    public const int Length = 4;

    /// <summary>Header and the two SSRCs of a feedback message.</summary>
    public const int FeedbackLength = 12;

    public const byte SenderReportType = 200;
    public const byte ReceiverReportType = 201;
    public const byte SourceDescriptionType = 202;
    public const byte GoodbyeType = 203;
    public const byte TransportLayerFeedbackType = 205;
    public const byte PayloadSpecificFeedbackType = 206;

    public const byte NackFormat = 1;
    public const byte TransportWideFormat = 15;
    public const byte PictureLossFormat = 1;
    public const byte FullIntraFormat = 4;
    public const byte ApplicationLayerFormat = 15;

    /// <summary>The most report blocks, SDES chunks or BYE sources in one packet: the count has 5 bits.</summary>
    public const int MaxCount = 31;

    /// <summary>Writes the first word; the length of the whole packet is a multiple of 4.</summary>
    public static void Write(Span<byte> packet, byte countOrFormat, byte type, int packetLength)
    {
        packet[0] = (byte)(0x80 | countOrFormat);
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((packetLength / 4) - 1));
    }

    /// <summary>Writes header and sources of a feedback message.</summary>
    public static void WriteFeedback(Span<byte> packet, byte format, byte type, int packetLength, uint senderSsrc, uint mediaSsrc)
    {
        Write(packet, format, type, packetLength);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], mediaSsrc);
    }

    /// <summary>Narrows a destination to the packet's length, or names what is wrong with the caller.</summary>
    public static Span<byte> Take(Span<byte> destination, int packetLength) => destination.Length >= packetLength
        ? destination[..packetLength]
        : throw new ArgumentException(
            $"The RTCP packet takes {packetLength} bytes, the destination has {destination.Length}.", nameof(destination));
}
