using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace P2PCam.Networking;

/// <summary>Which local addresses viewers may reach this machine by, best first.</summary>
internal static class LocalAddresses
{
    /// <summary>Addresses of every interface that is up; loopback only when asked for or when there is nothing else.</summary>
    public static IReadOnlyList<IPAddress> List(bool includeLoopback)
    {
        var found = new List<(int Rank, IPAddress Address)>();
        foreach (var (_, properties) in NetworkInterfaces.List(upOnly: true))
        {
            var hasGateway = properties.GatewayAddresses.Any(gateway => !gateway.Address.Equals(IPAddress.Any));
            foreach (var unicast in properties.UnicastAddresses)
            {
                if (Rank(unicast, hasGateway) is { } rank)
                {
                    found.Add((rank, unicast.Address));
                }
            }
        }

        found.Sort((left, right) => left.Rank.CompareTo(right.Rank));
        var others = found.Where(entry => entry.Rank < LoopbackRank).Select(entry => entry.Address).Distinct().ToList();
        return includeLoopback || others.Count == 0
            ? [.. others, .. found.Where(entry => entry.Rank >= LoopbackRank).Select(entry => entry.Address).Distinct()]
            : others;
    }

    private const int LoopbackRank = 100;

    private static int? Rank(UnicastIPAddressInformation unicast, bool hasGateway)
    {
        var address = unicast.Address;
        if (IPAddress.IsLoopback(address))
        {
            return address.AddressFamily == AddressFamily.InterNetwork ? LoopbackRank : LoopbackRank + 1;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var linkLocal = address.GetAddressBytes() is [169, 254, ..];
            return (hasGateway ? 0 : 10) + (linkLocal ? 5 : 0);
        }

        // A link-local IPv6 address needs a zone, which no candidate can carry (RFC 8839 section 5.1): browsers cannot use it.
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
            ? (hasGateway ? 1 : 11) + (IsTemporary(unicast) ? 1 : 0)
            : null;
    }

    private static bool IsTemporary(UnicastIPAddressInformation unicast) => OperatingSystem.IsWindows() && unicast.SuffixOrigin == SuffixOrigin.Random;
}
