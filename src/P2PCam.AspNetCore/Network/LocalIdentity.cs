using System.Net;
using P2PCam.Networking;

namespace P2PCam.AspNetCore.Network;

/// <summary>The names and addresses that this machine goes by.</summary>
/// <param name="HostName">The bare host name, in lower case.</param>
/// <param name="Names">Every name: bare, <c>.local</c>, with the network's DNS suffix, and localhost; lower case, bare name first.</param>
/// <param name="Addresses">Addresses of every interface that is up, loopback included, without IPv6 zones.</param>
internal sealed record LocalIdentity(string HostName, IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses)
{
    public static LocalIdentity Read()
    {
        var addresses = new List<IPAddress>();
        var suffixes = new List<string>();
        foreach (var (_, properties) in NetworkInterfaces.List(upOnly: true))
        {
            addresses.AddRange(properties.UnicastAddresses.Select(unicast => unicast.Address));
            suffixes.Add(properties.DnsSuffix);
        }

        return Create(Environment.MachineName, suffixes, addresses);
    }

    public static LocalIdentity Create(string machineName, IEnumerable<string> dnsSuffixes, IEnumerable<IPAddress> addresses)
    {
        // Some systems call themselves by a full name already.
        var full = machineName.Trim('.').ToLowerInvariant();
        var bare = full.Split('.')[0];
        var names = new List<string>();
        if (IsDnsName(bare))
        {
            names.AddRange([bare, bare + ".local", full]);
            names.AddRange(dnsSuffixes.Select(suffix => suffix.Trim('.').ToLowerInvariant()).Where(IsDnsName).Select(suffix => $"{bare}.{suffix}"));
        }

        names.Add("localhost");
        return new LocalIdentity(bare, [.. names.Distinct()], [.. addresses.Select(WithoutZone).Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback).Distinct()]);
    }

    public static IPAddress WithoutZone(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.IsIPv6LinkLocal && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;

    // RFC 1123 section 2.1: letters, digits and hyphens. Windows allows underscores in machine names, certificates do not.
    private static bool IsDnsName(string name) =>
        name is { Length: > 0 and <= 200 } && name.Split('.').All(label =>
            label is { Length: > 0 and <= 63 } && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
