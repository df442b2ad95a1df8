using System.Buffers.Binary;

namespace P2PCam.WebRtc.Stun;

/// <summary>
/// A view of one STUN message in the caller's bytes (RFC 8489 section 5). Valid as long as those bytes are.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|       message type        |   length after the header     |
/// +---------------------------------------------------------------+
/// |                    magic cookie 0x2112A442                    |
/// +---------------------------------------------------------------+
/// |                   transaction id (96 bits)                    |
/// +---------------------------------------------------------------+
/// | attribute type | value length | value, zero-padded to 4 bytes |  repeated
/// +---------------------------------------------------------------+
/// </code>
/// <see cref="TryParse"/> has walked all attributes, so every later access stays inside the message.
/// </summary>
internal readonly ref partial struct StunMessage
{
    public const int HeaderSize = 20;
    public const uint MagicCookie = 0x2112A442;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _integrityOffset;
    private readonly int _fingerprintOffset;

    private StunMessage(ReadOnlySpan<byte> bytes, int integrityOffset, int fingerprintOffset)
    {
        _bytes = bytes;
        _integrityOffset = integrityOffset;
        _fingerprintOffset = fingerprintOffset;
    }

    public StunClass Class => StunMessageType.ClassOf(Type);

    public StunMethod Method => StunMessageType.MethodOf(Type);

    public StunTransactionId TransactionId => StunTransactionId.Read(_bytes[8..]);

    public bool HasIntegrity => _integrityOffset != 0;

    public bool HasFingerprint => _fingerprintOffset != 0;

    private ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>
    /// False unless the whole span is one well-formed message: exact length, cookie, every attribute inside, integrity and
    /// fingerprint of their fixed sizes, nothing after the fingerprint.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length < HeaderSize || (datagram[0] & 0xC0) != 0
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != MagicCookie)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length % 4 != 0 || HeaderSize + length != datagram.Length)
        {
            return false;
        }

        int integrityOffset = 0, fingerprintOffset = 0;
        var offset = HeaderSize;
        while (offset < datagram.Length)
        {
            // Both sides are multiples of 4, so a header always fits here; only the value can reach too far. Plain ints: no 16-bit wrap.
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]);
            int valueLength = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            var next = offset + 4 + Padded(valueLength);
            if (next > datagram.Length || fingerprintOffset != 0)
            {
                return false;
            }

            if (type == StunAttributeType.MessageIntegrity && integrityOffset == 0)
            {
                if (valueLength != StunIntegrity.Size)
                {
                    return false;
                }

                integrityOffset = offset;
            }
            else if (type == StunAttributeType.Fingerprint)
            {
                if (valueLength != StunFingerprint.Size)
                {
                    return false;
                }

                fingerprintOffset = offset;
            }

            offset = next;
        }

        message = new StunMessage(datagram, integrityOffset, fingerprintOffset);
        return true;
    }

    /// <summary>The first attribute of that type. Attributes behind MESSAGE-INTEGRITY do not count (RFC 8489 section 14.5).</summary>
    public bool TryGet(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in this)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool Has(StunAttributeType type) => TryGet(type, out _);

    /// <summary>Whether MESSAGE-INTEGRITY is there and right under this key; compared in constant time.</summary>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key) =>
        HasIntegrity && StunIntegrity.Verify(_bytes[.._integrityOffset], _bytes.Slice(_integrityOffset + 4, StunIntegrity.Size), key);

    /// <summary>Whether FINGERPRINT is there and right (RFC 8489 section 14.7).</summary>
    public bool VerifyFingerprint() =>
        HasFingerprint && BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_fingerprintOffset + 4)..])
            == StunFingerprint.Compute(_bytes[.._fingerprintOffset]);

    public StunAttributeEnumerator GetEnumerator() => new(_bytes, HeaderSize);

    internal static int Padded(int length) => (length + 3) & ~3;
}
