using System.Buffers.Binary;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Stun;

/// <summary>
/// Address attributes (RFC 8489 sections 14.1 and 14.2). The XOR form hides addresses from NATs that rewrite what looks like one.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |       0       | family 1 or 2 | port (^ cookie's upper half)  |
/// +---------------+---------------+-------------------------------+
/// | address: 32 bits (^ cookie) or 128 bits (^ cookie and transaction id) |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal static class StunAddress
{
    public const int IPv4Size = 8;
    public const int IPv6Size = 20;

    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;
    private const ushort PortMask = (ushort)(StunMessage.MagicCookie >> 16);

    public static bool TryRead(ReadOnlySpan<byte> value, out TransportAddress address) => TryRead(value, 0, 0, 0, out address);

    public static bool TryReadXor(ReadOnlySpan<byte> value, StunTransactionId id, out TransportAddress address) =>
        TryRead(value, PortMask, StunMessage.MagicCookie, IPv6Mask(id), out address);

    public static int SizeOf(TransportAddress address) => address.IsIPv4 ? IPv4Size : IPv6Size;

    public static void WriteXor(Span<byte> destination, TransportAddress address, StunTransactionId id)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(address.Port ^ PortMask));
        if (address.IsIPv4)
        {
            destination[1] = FamilyIPv4;
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)address.Address ^ StunMessage.MagicCookie);
        }
        else
        {
            destination[1] = FamilyIPv6;
            BinaryPrimitives.WriteUInt128BigEndian(destination[4..], address.Address ^ IPv6Mask(id));
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> value, ushort portMask, uint maskV4, UInt128 maskV6, out TransportAddress address)
    {
        address = default;
        if (value.Length is not (IPv4Size or IPv6Size))
        {
            return false;
        }

        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ portMask);
        switch (value[1], value.Length)
        {
            case (FamilyIPv4, IPv4Size):
                address = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ maskV4, port);
                return true;
            case (FamilyIPv6, IPv6Size):
                address = new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ maskV6, port);
                return true;
            default:
                return false;
        }
    }

    private static UInt128 IPv6Mask(StunTransactionId id) =>
        new(((ulong)StunMessage.MagicCookie << 32) | (id.High >> 32), (id.High << 32) | id.Low);
}
