using System.Globalization;

namespace P2PCam.TestKit.Networks;

/// <summary>
/// Several computers on one switch: 10.77.0.1, 10.77.0.2, ... with fd77::1, fd77::2, ... beside them, in the order of their names. Nobody else sees these
/// addresses. The switch is a bridge in a namespace of its own.
/// </summary>
public sealed class SwitchedNetwork : IAsyncDisposable
{
    private const string Device = "eth0";
    private readonly NetworkNamespace _switch = NetworkNamespace.Create("switch");
    private readonly List<(string Name, NetworkNamespace Space)> _hosts = [];

    private SwitchedNetwork()
    {
    }

    /// <summary>The computer of this name.</summary>
    public NetworkNamespace this[string name] => _hosts.Single(host => host.Name == name).Space;

    /// <summary>Makes the computers.</summary>
    public static SwitchedNetwork Create(params string[] names)
    {
        var network = new SwitchedNetwork();
        network._switch.Ip("link add br0 type bridge");
        network._switch.Ip("link set br0 up");
        foreach (var name in names)
        {
            network.Add(name);
        }

        return network;
    }

    /// <summary>The IPv4 address of the computer of this name.</summary>
    public string AddressOf(string name) => Address(_hosts.FindIndex(host => host.Name == name));

    /// <summary>Pulls or plugs the cable of a computer. Plugging restores what pulling takes with it: IPv6 addresses and routes.</summary>
    public void SetLink(string name, bool up)
    {
        var index = _hosts.FindIndex(host => host.Name == name);
        var space = _hosts[index].Space;
        space.Ip($"link set {Device} {(up ? "up" : "down")}");
        if (up)
        {
            space.Ip(string.Create(CultureInfo.InvariantCulture, $"addr replace fd77::{index + 1:x}/64 dev {Device} nodad"));
            Route(space, index);
        }
    }

    /// <summary>
    /// Drops this share of the UDP packets between two computers, in each direction, by chance. Where they arrive: a packet that is dropped where it is sent
    /// is an error to whoever sends it.
    /// </summary>
    public void SetLoss(string one, string other, int percent)
    {
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            var index = _hosts.FindIndex(host => host.Name == from);
            var drop = string.Create(CultureInfo.InvariantCulture, $"meta l4proto udp counter numgen random mod 100 < {percent} counter drop");
            this[to].Run("nft", "add table inet loss; add chain inet loss input { type filter hook input priority 0; }; "
                + string.Create(CultureInfo.InvariantCulture, $"add rule inet loss input ip saddr {Address(index)} {drop}; add rule inet loss input ip6 saddr fd77::{index + 1:x} {drop}"));
        }
    }

    /// <summary>How many UDP packets came to a computer from where <see cref="SetLoss"/> loses some, and how many of them were dropped.</summary>
    public (long Seen, long Dropped) ReadLoss(string to) => TwoHostNetwork.ReadLoss(this[to]);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, space) in _hosts)
        {
            await space.DisposeAsync();
        }

        await _switch.DisposeAsync();
    }

    private static string Address(int index) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{index + 1}");

    private void Add(string name)
    {
        var (index, space) = (_hosts.Count, NetworkNamespace.Create(name));
        _hosts.Add((name, space));
        var port = string.Create(CultureInfo.InvariantCulture, $"port{index + 1}");
        _switch.Ip($"link add {port} type veth peer name {Device} netns {space.Name}");
        _switch.Ip($"link set {port} master br0");
        _switch.Ip($"link set {port} up");
        space.Ip($"addr add {Address(index)}/24 dev {Device}");
        space.Ip(string.Create(CultureInfo.InvariantCulture, $"addr add fd77::{index + 1:x}/64 dev {Device} nodad"));
        space.Ip($"link set {Device} gso_max_segs 1");
        space.Ip($"link set {Device} up");
        Route(space, index);
    }

    private static void Route(NetworkNamespace space, int index)
    {
        // Browsers without a default route find no candidate, and without one for multicast cannot hide addresses behind names. Nobody is behind it.
        space.Ip($"route replace default via {Address(index == 0 ? 1 : 0)}");
        space.Ip($"route replace 224.0.0.0/4 dev {Device}");
    }
}
