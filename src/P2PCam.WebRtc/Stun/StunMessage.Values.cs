using System.Buffers.Binary;
using System.Collections;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Stun;

/// <summary>The typed attributes. Each accessor is false when the attribute is missing or has the wrong size.</summary>
internal readonly ref partial struct StunMessage
{
    private const int MaxUnknownListed = 4;
    private const ushort FirstOptional = 0x8000;

    // Asking the enum itself makes it build its table anew after each collection of garbage, and a check comes with every consent.
    private static readonly BitArray KnownRequired = FindKnownRequired();

    /// <summary>
    /// The part of USERNAME before the colon: in a check, the ufrag of the agent that receives it (RFC 8445 section 7.2.2). Needs no key,
    /// so it only finds the session that then verifies the message.
    /// </summary>
    public bool TryGetLocalUfrag(out ReadOnlySpan<byte> ufrag)
    {
        ufrag = default;
        if (!TryGet(StunAttributeType.Username, out var username) || username.IndexOf((byte)':') is var colon && colon <= 0)
        {
            return false;
        }

        ufrag = username[..colon];
        return true;
    }

    /// <summary>The local ufrag of a Binding request, straight from a datagram.</summary>
    public static bool TryReadLocalUfrag(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> ufrag)
    {
        ufrag = default;
        return TryParse(datagram, out var message)
            && message is { Class: StunClass.Request, Method: StunMethod.Binding }
            && message.TryGetLocalUfrag(out ufrag);
    }

    public bool TryGetUInt32(StunAttributeType type, out uint value)
    {
        value = 0;
        return TryGet(type, out var bytes) && bytes.Length == 4 && BinaryPrimitives.TryReadUInt32BigEndian(bytes, out value);
    }

    public bool TryGetUInt64(StunAttributeType type, out ulong value)
    {
        value = 0;
        return TryGet(type, out var bytes) && bytes.Length == 8 && BinaryPrimitives.TryReadUInt64BigEndian(bytes, out value);
    }

    /// <summary>XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS.</summary>
    public bool TryGetXorAddress(StunAttributeType type, out TransportAddress address)
    {
        address = default;
        return TryGet(type, out var bytes) && StunAddress.TryReadXor(bytes, TransactionId, out address);
    }

    /// <summary>MAPPED-ADDRESS: the plain form, which only old servers send.</summary>
    public bool TryGetMappedAddress(out TransportAddress address)
    {
        address = default;
        return TryGet(StunAttributeType.MappedAddress, out var bytes) && StunAddress.TryRead(bytes, out address);
    }

    /// <summary>
    /// ERROR-CODE as 300..699 (RFC 8489 section 14.8): <c>21 reserved bits | class 3..6 (3 bits) | number 0..99 (8 bits) | reason in
    /// UTF-8</c>.
    /// </summary>
    public bool TryGetErrorCode(out int code)
    {
        code = 0;
        if (!TryGet(StunAttributeType.ErrorCode, out var bytes) || bytes.Length < 4)
        {
            return false;
        }

        var hundreds = bytes[2] & 7;
        code = hundreds * 100 + bytes[3];
        return hundreds is >= 3 and <= 6 && bytes[3] <= 99;
    }

    /// <summary>
    /// The attributes that would have to be understood and are not; at most 4 are listed. Zero means that the message may be processed.
    /// </summary>
    public int GetUnknownRequired(Span<StunAttributeType> unknown)
    {
        var count = 0;
        foreach (var attribute in this)
        {
            if (IsUnknownRequired((ushort)attribute.Type) && count < Math.Min(MaxUnknownListed, unknown.Length))
            {
                unknown[count++] = attribute.Type;
            }
        }

        return count;
    }

    private static bool IsUnknownRequired(ushort type) => type < FirstOptional && !(type < KnownRequired.Length && KnownRequired[type]);

    private static BitArray FindKnownRequired()
    {
        var required = Enum.GetValues<StunAttributeType>().Select(type => (int)type).Where(type => type < FirstOptional).ToArray();
        var known = new BitArray(required.Max() + 1);
        foreach (var type in required)
        {
            known[type] = true;
        }

        return known;
    }
}
