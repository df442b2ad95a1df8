using System.Net;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>The proxies whose word is taken.</summary>
internal sealed class KnownProxies
{
    private readonly List<IPNetwork> _networks = [];

    /// <exception cref="ArgumentException">One is neither an address nor a network.</exception>
    public KnownProxies(IEnumerable<string> proxies)
    {
        foreach (var text in proxies)
        {
            _networks.Add(Parse(text));
        }

        if (_networks.Count == 0)
        {
            _networks.AddRange([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);
        }
    }

    public bool Contains(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new ArgumentException($"'{text}' in {nameof(P2PCamForwardedHeadersOptions.KnownProxies)} is no address and no network: write 10.0.0.2 or 10.0.0.0/8.");
    }
}
