using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// A received RTP packet, checked once and then read in place (RFC 3550 sections 5.1 and 5.3.1).
/// <code>
/// | fixed header (12) | CSRC (4 * CC) | profile (2) | words (2) | extension (4 * words) | payload | padding ... count |
///                                      '---------------- only with the X bit ---------'           '- only with the P bit
/// </code>
/// </summary>
internal readonly ref struct RtpPacketView
{
    private readonly ReadOnlySpan<byte> _packet;

    private RtpPacketView(ReadOnlySpan<byte> packet, int headerLength, int extensionLength, int paddingLength)
    {
        _packet = packet;
        HeaderLength = headerLength;
        PaddingLength = paddingLength;
        ExtensionBlock = packet[(headerLength - extensionLength)..headerLength];
    }

    public bool Marker => (_packet[1] & RtpHeader.MarkerBit) != 0;

    public byte PayloadType => (byte)(_packet[1] & 0x7F);

    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_packet[8..]);

    public int CsrcCount => _packet[0] & 0x0F;

    /// <summary>Bytes before the payload: fixed header, CSRCs and extension. SRTP leaves exactly these in the clear.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes after the payload, the count itself included; 0 without the P bit.</summary>
    public int PaddingLength { get; }

    /// <summary>What the profile field of the extension says; 0 without an extension.</summary>
    public ushort ExtensionProfile =>
        (_packet[0] & RtpHeader.ExtensionBit) == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(_packet[(12 + (4 * CsrcCount))..]);

    /// <summary>The extension's data without its 4-byte header; empty without an extension.</summary>
    public ReadOnlySpan<byte> ExtensionBlock { get; }

    /// <summary>The payload without padding. Empty in packets that only probe or keep alive.</summary>
    public ReadOnlySpan<byte> Payload => _packet[HeaderLength..^PaddingLength];

    /// <summary>The elements of the header extension; none when it is of a form other than RFC 8285's.</summary>
    public HeaderExtensionEnumerator Extensions => new(ExtensionProfile, ExtensionBlock);

    public uint GetCsrc(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)CsrcCount, nameof(index));
        return BinaryPrimitives.ReadUInt32BigEndian(_packet[(12 + (4 * index))..]);
    }

    /// <summary>Finds the parts of a packet.</summary>
    /// <returns>False for bytes that are no RTP packet: a wrong version, or a length that does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacketView view)
    {
        view = default;
        return packet.Length >= RtpHeader.FixedLength
            && (packet[0] & 0xC0) == RtpHeader.Version2
            && TryMeasureHeader(packet, out var header, out var extension)
            && TryMeasurePadding(packet, header, out var padding)
            && Create(packet, header, extension, padding, out view);
    }

    private static bool Create(ReadOnlySpan<byte> packet, int header, int extension, int padding, out RtpPacketView view)
    {
        view = new RtpPacketView(packet, header, extension, padding);
        return true;
    }

    private static bool TryMeasureHeader(ReadOnlySpan<byte> packet, out int headerLength, out int extensionLength)
    {
        headerLength = RtpHeader.FixedLength + (4 * (packet[0] & 0x0F));
        extensionLength = 0;
        if ((packet[0] & RtpHeader.ExtensionBit) != 0)
        {
            if (packet.Length < headerLength + 4)
            {
                return false;
            }

            extensionLength = 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(headerLength + 2)..]);
            headerLength += 4 + extensionLength;
        }

        return headerLength <= packet.Length;
    }

    private static bool TryMeasurePadding(ReadOnlySpan<byte> packet, int headerLength, out int paddingLength)
    {
        paddingLength = 0;
        if ((packet[0] & RtpHeader.PaddingBit) == 0)
        {
            return true;
        }

        // The count counts itself, so 0 contradicts the P bit.
        paddingLength = packet[^1];
        return paddingLength != 0 && paddingLength <= packet.Length - headerLength;
    }
}
