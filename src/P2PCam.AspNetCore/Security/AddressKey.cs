using System.Net;
using System.Net.Sockets;

namespace P2PCam.AspNetCore.Security;

/// <summary>What counts as one client where clients are counted by address.</summary>
internal static class AddressKey
{
    /// <summary>IPv4 as it is, also when it came mapped; IPv6 by its /64, because whoever has one such address has 2^64 of them.</summary>
    public static IPAddress Of(IPAddress? remote)
    {
        if (remote is null)
        {
            return IPAddress.None;
        }

        if (remote.IsIPv4MappedToIPv6)
        {
            return remote.MapToIPv4();
        }

        if (remote.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return remote;
        }

        var bytes = remote.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
