using System.Net;
using System.Net.Sockets;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Which of this machine's names lead here, as far as can be found out in a moment.</summary>
internal static class NameSearch
{
    private static readonly TimeSpan DnsLimit = TimeSpan.FromSeconds(1);

    /// <param name="identity">The machine's own names and addresses.</param>
    /// <param name="certified">Those that the user's own certificate is for.</param>
    /// <param name="extra">All others that the program was told of.</param>
    /// <param name="cancellationToken">Ends the search with what is known.</param>
    public static async Task<IReadOnlyList<LanName>> FindAsync(
        LocalIdentity identity, IReadOnlyList<string> certified, IReadOnlyList<string> extra, CancellationToken cancellationToken)
    {
        var own = identity.Addresses.Where(address => !IPAddress.IsLoopback(address)).ToList();
        var probe = new MulticastDnsProbe();
        var candidates = extra.Where(HostNames.IsHostName).Select(name => (Name: name, IsFirst: certified.Contains(name, StringComparer.OrdinalIgnoreCase)))
            .Concat(identity.MulticastNames.Select(name => (Name: name, IsFirst: false)))
            .DistinctBy(candidate => candidate.Name)
            .ToList();
        var found = await Task.WhenAll(candidates.Select(async candidate =>
        {
            var isLocal = candidate.Name.EndsWith(".local", StringComparison.Ordinal);
            var leadsHere = isLocal ? await probe.IsAnsweredAsync(candidate.Name, own, cancellationToken) : await ResolvesAsync(candidate.Name, own, cancellationToken);
            return leadsHere ? new LanName(candidate.Name, isLocal ? "mDNS" : "DNS", candidate.IsFirst) : null;
        }));
        return [.. found.OfType<LanName>()];
    }

    private static async Task<bool> ResolvesAsync(string name, List<IPAddress> own, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DnsLimit);
        try
        {
            // Some resolvers do not listen to cancellation.
            return (await Dns.GetHostAddressesAsync(name, limit.Token).WaitAsync(limit.Token)).Any(own.Contains);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return false;
        }
    }
}
