using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// FIR (RFC 5104 section 4.3.1): asks for a key frame as a command. The media SSRC of the header is 0; each entry names its stream, and
/// its number tells a new command from a repeated one.
/// <code>
/// |                              SSRC                             |
/// | Seq nr. (8)   |    Reserved = 0                               |
/// </code>
/// </summary>
internal readonly ref struct FullIntraRequest
{
    internal const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _entries;

    private FullIntraRequest(scoped in RtcpPacketView packet)
    {
        SenderSsrc = packet.ReadSsrc(0);
        _entries = packet.Body[8..];
    }

    public uint SenderSsrc { get; }

    public int Count => _entries.Length / EntryLength;

    public Entry this[int index] => new(
        BinaryPrimitives.ReadUInt32BigEndian(_entries.Slice(index * EntryLength, EntryLength)), _entries[(index * EntryLength) + 4]);

    public static bool TryParse(scoped in RtcpPacketView packet, out FullIntraRequest request)
    {
        var valid = packet.Kind == RtcpPacketKind.FullIntraRequest && packet.Body.Length >= 8 + EntryLength;
        request = valid ? new FullIntraRequest(packet) : default;
        return valid;
    }

    /// <summary>Writes a request for one stream; returns its length of 20.</summary>
    public static int Write(Span<byte> destination, uint senderSsrc, uint mediaSsrc, byte sequenceNumber)
    {
        const int Length = RtcpHeader.FeedbackLength + EntryLength;
        var packet = RtcpHeader.Take(destination, Length);
        RtcpHeader.WriteFeedback(packet, RtcpHeader.FullIntraFormat, RtcpHeader.PayloadSpecificFeedbackType, Length, senderSsrc, 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], mediaSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], (uint)sequenceNumber << 24);
        return Length;
    }

    /// <summary>A stream that shall send a key frame.</summary>
    internal readonly record struct Entry(uint Ssrc, byte SequenceNumber);
}
