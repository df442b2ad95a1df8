using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCam.TestKit.Networks;

/// <summary>
/// Two computers joined by a cable: a host at 10.77.0.1 and a viewer at 10.77.0.2, with IPv6 beside it. No other pair sees these addresses. The cable can be pulled and narrowed,
/// and can lose packets. Loss works on single packets: batches that the sender hands over at once are cut before the cable.
/// </summary>
public sealed partial class TwoHostNetwork : IAsyncDisposable
{
    public const string HostAddress = "10.77.0.1";
    public const string ViewerAddress = "10.77.0.2";
    public const string HostAddressV6 = "fd77::1";
    public const string ViewerAddressV6 = "fd77::2";
    private const string Device = "eth0";
    private bool _isNarrowed;

    private TwoHostNetwork() => (Host, Viewer) = (NetworkNamespace.Create("host"), NetworkNamespace.Create("viewer"));

    public NetworkNamespace Host { get; }

    public NetworkNamespace Viewer { get; }


    /// <summary>Makes the pair.</summary>
    /// <param name="viewerHasDefaultRoute">Without one, Chromium finds no candidate of its own.</param>
    /// <param name="multicast">Lets mDNS join its group on the viewer, which Chromium needs to hide addresses behind names.</param>
    public static TwoHostNetwork Create(bool viewerHasDefaultRoute = true, bool multicast = true)
    {
        var network = new TwoHostNetwork();
        network.Host.Ip($"link add {Device} type veth peer name {Device} netns {network.Viewer.Name}");
        SetUp(network.Host, HostAddress, HostAddressV6);
        SetUp(network.Viewer, ViewerAddress, ViewerAddressV6);
        network.Host.Ip($"route add default via {ViewerAddress}");
        if (viewerHasDefaultRoute)
        {
            network.Viewer.Ip($"route add default via {HostAddress}");
        }

        if (multicast)
        {
            network.Host.Ip($"route add 224.0.0.0/4 dev {Device}");
            network.Viewer.Ip($"route add 224.0.0.0/4 dev {Device}");
        }

        return network;
    }

    /// <summary>Drops this share of UDP packets in each direction, by chance; 0 ends it. TCP is spared, so that signaling does not blur the figures.</summary>
    /// <param name="percent">0 to 100.</param>
    public void SetLoss(int percent)
    {
        foreach (var space in new[] { Host, Viewer })
        {
            space.Run("nft", "add table inet loss; flush table inet loss; delete table inet loss");
            if (percent > 0)
            {
                space.Run("nft", "add table inet loss; add chain inet loss input { type filter hook input priority 0; }; "
                    + string.Create(CultureInfo.InvariantCulture, $"add rule inet loss input iif {Device} ip protocol udp counter numgen random mod 100 < {percent} counter drop; ")
                    + string.Create(CultureInfo.InvariantCulture, $"add rule inet loss input iif {Device} ip6 nexthdr udp counter numgen random mod 100 < {percent} counter drop"));
            }
        }
    }

    /// <summary>How many UDP packets arrived at the rule and how many it dropped, while <see cref="SetLoss"/> is on.</summary>
    public static (long Seen, long Dropped) ReadLoss(NetworkNamespace receiver)
    {
        var counts = Packets().Matches(receiver.Run("nft", "list table inet loss")).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        return (counts[0] + counts[2], counts[1] + counts[3]);
    }

    /// <summary>Pulls or plugs the cable. Plugging restores what pulling takes with it: IPv6 addresses and routes.</summary>
    public void SetLink(bool up)
    {
        Viewer.Ip($"link set {Device} {(up ? "up" : "down")}");
        if (up)
        {
            Viewer.Ip($"addr replace {ViewerAddressV6}/64 dev {Device} nodad");
            Viewer.Ip($"route replace default via {HostAddress}");
        }
    }

    /// <summary>Narrows host to viewer by a token bucket; null widens it again.</summary>
    public void SetRate(int? kilobitsPerSecond)
    {
        if (_isNarrowed)
        {
            Host.Run("tc", "qdisc", "del", "dev", Device, "root");
        }

        _isNarrowed = kilobitsPerSecond is not null;
        if (kilobitsPerSecond is { } rate)
        {
            Host.Run("tc", "qdisc", "add", "dev", Device, "root", "tbf", "rate", string.Create(CultureInfo.InvariantCulture, $"{rate}kbit"), "burst", "16kb", "latency", "100ms");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Viewer.DisposeAsync();
        await Host.DisposeAsync();
    }

    private static void SetUp(NetworkNamespace space, string address, string addressV6)
    {
        space.Ip($"addr add {address}/24 dev {Device}");
        // Without duplicate detection the address can be used at once.
        space.Ip($"addr add {addressV6}/64 dev {Device} nodad");
        // The kernel cuts UDP_SEGMENT batches before they leave, as a network card would; else one drop takes a whole frame.
        space.Ip($"link set {Device} gso_max_segs 1");
        space.Ip($"link set {Device} up");
    }

    [GeneratedRegex(@"packets (\d+) bytes")]
    private static partial Regex Packets();
}
