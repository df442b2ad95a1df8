using System.Net;
using P2PCam.Networking;

namespace P2PCam.Tests.Networking;

/// <summary>A machine whose addresses come and go. On Linux all of 127/8 can be bound, so each may be one of another network card.</summary>
internal sealed class FakeNetwork(params string[] addresses) : ILocalNetwork
{
    private volatile IPAddress[] _addresses = [.. addresses.Select(IPAddress.Parse)];

    public void Become(params string[] addresses) => _addresses = [.. addresses.Select(IPAddress.Parse)];

    public IReadOnlyList<IPAddress> ListUsable(bool includeLoopback) => _addresses;

    public bool Has(IPAddress address) => _addresses.Contains(address);
}
