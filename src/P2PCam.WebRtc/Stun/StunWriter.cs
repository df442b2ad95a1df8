using System.Buffers.Binary;
using System.Text;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Stun;

/// <summary>
/// Writes one message into the caller's span, in the layout that <see cref="StunMessage"/> draws. After each call the bytes
/// <c>[0, Length)</c> are a complete message. Padding is written as zeros whatever the buffer held. A buffer that is too small is the
/// caller's mistake and throws.
/// </summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private readonly StunTransactionId _id;

    public StunWriter(Span<byte> buffer, StunClass messageClass, StunMethod method, StunTransactionId id)
    {
        _buffer = buffer;
        _id = id;
        Reserve(StunMessage.HeaderSize);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, StunMessageType.Encode(messageClass, method));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        id.Write(buffer[8..]);
        Length = StunMessage.HeaderSize;
        WriteLength();
    }

    /// <summary>Bytes written so far: always a multiple of 4.</summary>
    public int Length { get; private set; }

    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Append(type, value.Length));

    /// <summary>An attribute without a value, such as USE-CANDIDATE.</summary>
    public void AddFlag(StunAttributeType type) => Append(type, 0);

    public void AddText(StunAttributeType type, string text) =>
        Encoding.UTF8.GetBytes(text, Append(type, Encoding.UTF8.GetByteCount(text)));

    public void AddUInt32(StunAttributeType type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Append(type, 4), value);

    public void AddUInt64(StunAttributeType type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Append(type, 8), value);

    public void AddXorAddress(StunAttributeType type, TransportAddress address) =>
        StunAddress.WriteXor(Append(type, StunAddress.SizeOf(address)), address, _id);

    /// <param name="code">300..699.</param>
    /// <param name="reason">For people; ASCII.</param>
    public void AddErrorCode(int code, string reason)
    {
        var value = Append(StunAttributeType.ErrorCode, 4 + reason.Length);
        value[..2].Clear();
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        Encoding.ASCII.GetBytes(reason, value[4..]);
    }

    public void AddUnknownAttributes(scoped ReadOnlySpan<StunAttributeType> types)
    {
        var value = Append(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (var i = 0; i < types.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(2 * i)..], (ushort)types[i]);
        }
    }

    /// <summary>Comes last but for <see cref="AddFingerprint"/>: receivers ignore what follows it.</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key)
    {
        var before = _buffer[..Length];
        StunIntegrity.Compute(before, key, Append(StunAttributeType.MessageIntegrity, StunIntegrity.Size));
    }

    /// <summary>Comes last.</summary>
    public void AddFingerprint()
    {
        var before = _buffer[..Length];
        var value = Append(StunAttributeType.Fingerprint, StunFingerprint.Size);
        BinaryPrimitives.WriteUInt32BigEndian(value, StunFingerprint.Compute(before));
    }

    private Span<byte> Append(StunAttributeType type, int length)
    {
        var padded = StunMessage.Padded(length);
        Reserve(4 + padded);
        var attribute = _buffer.Slice(Length, 4 + padded);
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(4 + length)..].Clear();
        Length += attribute.Length;
        WriteLength();
        return attribute.Slice(4, length);
    }

    private readonly void Reserve(int size)
    {
        if (Length + size > Math.Min(_buffer.Length, StunMessage.HeaderSize + ushort.MaxValue))
        {
            throw new ArgumentException($"The STUN message needs {Length + size} bytes; the buffer has {_buffer.Length}.");
        }
    }

    private readonly void WriteLength() => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(Length - StunMessage.HeaderSize));
}
