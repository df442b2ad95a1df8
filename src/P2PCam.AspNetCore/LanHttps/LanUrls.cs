using System.Net;
using System.Net.Sockets;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Which addresses to tell people, in which order.</summary>
internal static class LanUrls
{
    public static IReadOnlyList<LanUrl> List(IReadOnlyList<NetworkCard> cards, string hostName, string scheme, int port, bool includeVirtual, bool includeLoopback)
    {
        var usable = cards.Where(card => !card.IsLoopback).SelectMany(card => card.Addresses.Where(IsUsable).Select(address => (Card: card, Address: address))).ToList();
        if (!includeVirtual && usable.Any(entry => !entry.Card.IsVirtual))
        {
            usable.RemoveAll(entry => entry.Card.IsVirtual);
        }

        var urls = usable
            .OrderBy(entry => entry.Card.IsVirtual)
            .ThenByDescending(entry => entry.Card.HasGateway)
            .ThenBy(entry => Rank(entry.Address))
            .Select(entry => new LanUrl($"{scheme}://{Bracketed(entry.Address)}:{port}", entry.Card.Name))
            .ToList();
        if (urls.Count > 0 && hostName.Length > 0 && hostName != "localhost")
        {
            // After the first address: nice to read, but not every network and device resolves it.
            urls.Insert(urls.FindLastIndex(url => !url.Url.Contains('[', StringComparison.Ordinal)) + 1, new LanUrl($"{scheme}://{hostName}.local:{port}", "mDNS"));
        }

        if (includeLoopback || urls.Count == 0)
        {
            urls.Add(new LanUrl($"{scheme}://localhost:{port}", "this machine only"));
        }

        return urls;
    }

    // Browsers cannot open an address with a zone.
    private static bool IsUsable(IPAddress address) => !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !IPAddress.IsLoopback(address);

    private static int Rank(IPAddress address) => (address.AddressFamily, address.GetAddressBytes()) switch
    {
        (AddressFamily.InterNetwork, [169, 254, ..]) => 1,
        (AddressFamily.InterNetwork, _) => 0,
        (_, [0xFC or 0xFD, ..]) => 2,
        _ => 3,
    };

    private static string Bracketed(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
