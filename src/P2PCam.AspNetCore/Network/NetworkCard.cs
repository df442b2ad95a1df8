using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using P2PCam.Networking;

namespace P2PCam.AspNetCore.Network;

/// <summary>What matters of a network interface for finding this machine.</summary>
internal sealed record NetworkCard(string Name, bool HasGateway, bool IsVirtual, bool IsLoopback, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly string[] VirtualPrefixes =
        ["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxdbr", "cni", "flannel", "podman", "tun", "tap", "wg", "tailscale", "zt", "utun", "bridge", "awdl", "llw", "vethernet"];

    private static readonly string[] VirtualWords = ["virtual", "vmware", "hyper-v", "virtualbox", "tailscale", "wireguard", "zerotier", "tap-windows", "wsl"];

    public static IReadOnlyList<NetworkCard> ReadAll() => [.. NetworkInterfaces.List(upOnly: true).Select(entry => Describe(entry.Card, entry.Properties))];

    /// <summary>Whether a card's name is one that virtual machines, containers and tunnels use.</summary>
    public static bool LooksVirtual(string name, string description) =>
        VirtualPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || VirtualWords.Any(word => description.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static NetworkCard Describe(NetworkInterface card, IPInterfaceProperties properties)
    {
        return new NetworkCard(
            card.Name,
            properties.GatewayAddresses.Any(gateway => !gateway.Address.Equals(IPAddress.Any) && !gateway.Address.Equals(IPAddress.IPv6Any)),
            card.NetworkInterfaceType is NetworkInterfaceType.Tunnel or NetworkInterfaceType.Ppp || LooksVirtual(card.Name, card.Description),
            card.NetworkInterfaceType == NetworkInterfaceType.Loopback,
            [.. properties.UnicastAddresses.Select(unicast => unicast.Address).Where(address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)]);
    }
}
