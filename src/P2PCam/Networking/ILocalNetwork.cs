using System.Net;

namespace P2PCam.Networking;

/// <summary>This machine's addresses as they are now. Asked again and again: they come and go.</summary>
internal interface ILocalNetwork
{
    /// <summary>Those that others may reach this machine by, best first.</summary>
    IReadOnlyList<IPAddress> ListUsable(bool includeLoopback);

    /// <summary>Whether an address is one of this machine's, in use or not.</summary>
    bool Has(IPAddress address);
}

/// <summary>What the system says.</summary>
internal sealed class LocalNetwork : ILocalNetwork
{
    public static LocalNetwork Instance { get; } = new();

    public IReadOnlyList<IPAddress> ListUsable(bool includeLoopback) => LocalAddresses.List(includeLoopback);

    // All of 127/8 is there, though systems list one of it. While an interface is down its addresses stay, and what is bound to them is good when it is up again.
    public bool Has(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || NetworkInterfaces.List(upOnly: false).Any(entry => entry.Properties.UnicastAddresses.Any(unicast => unicast.Address.Equals(address)));
}
