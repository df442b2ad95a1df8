using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// The fixed part of an RTP header (RFC 3550 section 5.1), written without CSRCs and padding.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           timestamp                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) identifier            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
internal readonly record struct RtpHeader(byte PayloadType, bool Marker, ushort SequenceNumber, uint Timestamp, uint Ssrc)
{
    /// <summary>Bytes of the header without CSRCs and extensions.</summary>
    public const int FixedLength = 12;

    internal const byte Version2 = 0x80;
    internal const byte PaddingBit = 0x20;
    internal const byte ExtensionBit = 0x10;
    internal const byte MarkerBit = 0x80;

    /// <summary>Writes the 12 bytes; a header extension is appended with <see cref="HeaderExtensionWriter"/>.</summary>
    /// <returns><see cref="FixedLength"/>.</returns>
    public int Write(Span<byte> destination)
    {
        destination[11] = 0; // one bounds check for all that follow, and a throw before anything is half written
        destination[0] = Version2;
        destination[1] = (byte)((Marker ? MarkerBit : 0) | (PayloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Ssrc);
        return FixedLength;
    }
}
