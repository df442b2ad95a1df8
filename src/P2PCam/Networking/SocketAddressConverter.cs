using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>Between the bytes of a sockaddr and <see cref="TransportAddress"/>, without allocating.</summary>
/// <remarks>
/// sockaddr_in:  family(2) port(2, big-endian) address(4) zero(8). sockaddr_in6: family(2) port(2) flow(4) address(16) scope(4, host order).
/// The family's place differs by system; <see cref="SocketAddress.Family"/> reads it.
/// </remarks>
internal static class SocketAddressConverter
{
    public static TransportAddress ToTransportAddress(SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            return TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
        }

        var address = BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]);
        return new TransportAddress(address, port, MemoryMarshal.Read<uint>(bytes[24..]));
    }

    /// <summary>Writes the address into a sockaddr of the same family.</summary>
    public static void Write(in TransportAddress address, SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)address.Address);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], 0);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], address.Address);
        MemoryMarshal.Write(bytes[24..], address.ScopeId);
    }
}
