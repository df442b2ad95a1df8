using System.Net;
using P2PCam.Networking;

namespace P2PCam.AspNetCore.Network;

/// <summary>The names and addresses that this machine goes by.</summary>
/// <param name="HostName">The bare host name, in lower case; of a machine whose name is none, what responders of mDNS make of it.</param>
/// <param name="Names">Every name: bare, <c>.local</c>, with the network's DNS suffix, and localhost; lower case, bare name first.</param>
/// <param name="Addresses">Addresses of every interface that is up, loopback included, without IPv6 zones.</param>
internal sealed record LocalIdentity(string HostName, IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses)
{
    private const string LocalDomain = ".local"; // RFC 6762 section 3

    public static LocalIdentity Read()
    {
        var addresses = new List<IPAddress>();
        var suffixes = new List<string>();
        foreach (var (_, properties) in NetworkInterfaces.List(upOnly: true))
        {
            addresses.AddRange(properties.UnicastAddresses.Select(unicast => unicast.Address));
            suffixes.Add(properties.DnsSuffix);
        }

        // On Windows the machine's name is the one of NetBIOS, cut after 15 characters.
        return Create([Environment.MachineName, Dns.GetHostName()], suffixes, addresses);
    }

    public static LocalIdentity Create(string machineName, IEnumerable<string> dnsSuffixes, IEnumerable<IPAddress> addresses) => Create([machineName], dnsSuffixes, addresses);

    public static LocalIdentity Create(IEnumerable<string> machineNames, IEnumerable<string> dnsSuffixes, IEnumerable<IPAddress> addresses)
    {
        // Some systems call themselves by a full name already.
        var full = machineNames.Select(name => name.Trim().Trim('.').ToLowerInvariant()).ToList();
        var labels = full.SelectMany(HostNames.Labels).Distinct().ToList();
        var suffixes = dnsSuffixes.Select(suffix => suffix.Trim('.').ToLowerInvariant()).Where(HostNames.IsHostName).ToList();
        List<string> names =
        [
            .. labels.SelectMany(label => new[] { label, label + LocalDomain }),
            .. full.Where(HostNames.IsHostName),
            .. labels.SelectMany(label => suffixes.Select(suffix => $"{label}.{suffix}")),
            "localhost",
        ];
        return new LocalIdentity(
            labels.FirstOrDefault() ?? "", [.. names.Distinct()], [.. addresses.Select(WithoutZone).Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback).Distinct()]);
    }

    /// <summary>The names that responders of mDNS would answer for.</summary>
    public IEnumerable<string> MulticastNames => Names.Where(name => name.EndsWith(LocalDomain, StringComparison.Ordinal) && name != "localhost" + LocalDomain);

    public static IPAddress WithoutZone(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.IsIPv6LinkLocal && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;
}
