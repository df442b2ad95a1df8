using System.Buffers.Binary;

namespace P2PCam.WebRtc.Stun;

internal readonly ref struct StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
{
    public StunAttributeType Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>
/// Walks the attributes of a parsed message, leaving out what follows MESSAGE-INTEGRITY except the attributes allowed there.
/// </summary>
internal ref struct StunAttributeEnumerator(ReadOnlySpan<byte> message, int offset)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _offset = offset;
    private bool _behindIntegrity;

    public StunAttribute Current { get; private set; }

    public bool MoveNext()
    {
        while (_offset + 4 <= _message.Length)
        {
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_message[_offset..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(_message[(_offset + 2)..]);
            var value = _message.Slice(_offset + 4, length);
            _offset += 4 + StunMessage.Padded(length);
            if (_behindIntegrity && type is not (StunAttributeType.MessageIntegritySha256 or StunAttributeType.Fingerprint))
            {
                continue;
            }

            _behindIntegrity |= type is StunAttributeType.MessageIntegrity;
            Current = new StunAttribute(type, value);
            return true;
        }

        return false;
    }
}
