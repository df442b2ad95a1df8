using System.Net;
using System.Net.Sockets;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Which addresses to tell people, in which order.</summary>
internal static class LanUrls
{
    public static IReadOnlyList<LanUrl> List(IReadOnlyList<NetworkCard> cards, IReadOnlyList<LanName> names, string scheme, int port, bool includeVirtual, bool includeLoopback)
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
        if (urls.Count > 0)
        {
            // A name that the certificate was made for comes first, others after the first addresses: nice to read, but not every device resolves them.
            var links = names.Select(name => (name.IsFirst, Url: new LanUrl($"{scheme}://{name.Name}:{port}", name.Via))).ToList();
            urls.InsertRange(urls.FindLastIndex(url => !url.Url.Contains('[', StringComparison.Ordinal)) + 1, links.Where(link => !link.IsFirst).Select(link => link.Url));
            urls.InsertRange(0, links.Where(link => link.IsFirst).Select(link => link.Url));
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

/// <summary>A name that was seen to lead here.</summary>
/// <param name="Name">Without scheme and port.</param>
/// <param name="Via">Who answers for it.</param>
/// <param name="IsFirst">Whether it is the one to tell people.</param>
internal sealed record LanName(string Name, string Via, bool IsFirst = false);
