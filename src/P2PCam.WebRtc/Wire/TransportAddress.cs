using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace P2PCam.WebRtc.Wire;

/// <summary>
/// An IP address and UDP port as a value: comparable, hashable, no allocation. IPv4 is held in its mapped form
/// (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2); <see cref="ScopeId"/> is the zone of a link-local IPv6 address, else 0.
/// </summary>
internal readonly record struct TransportAddress(UInt128 Address, ushort Port, uint ScopeId = 0)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    public bool IsIPv4 => (Address >> 32) == 0xFFFF;

    public bool IsLoopback => IsIPv4 ? ((uint)Address >> 24) == 127 : Address == 1;

    public bool IsLinkLocal => IsIPv4 ? ((uint)Address >> 16) == 0xA9FE : (ushort)(Address >> 118) == (0xFE80 >> 6);

    public bool IsUnspecified => Address == 0 || (IsIPv4 && (uint)Address == 0);

    public static TransportAddress FromIPv4(uint address, ushort port) => new(MappedPrefix | address, port);

    public static TransportAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
        {
            return default;
        }

        return length == 4
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port)
            : new(BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)port, address.IsIPv4MappedToIPv6 ? 0 : (uint)address.ScopeId);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, ScopeId);
    }

    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    public AddressFamily Family => IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    public override string ToString() => IsIPv4 ? $"{ToIPAddress()}:{Port}" : $"[{ToIPAddress()}]:{Port}";
}
