using System.Net;

namespace P2PCam.AspNetCore.Security;

/// <summary>How often an address may connect: connections that come and go never reach the limit of those at once.</summary>
internal sealed class JoinRateLimiter(double perSecond, double burst, TimeProvider timeProvider)
{
    private const int MostAddresses = 4096;
    private readonly Lock _gate = new();
    private readonly AddressTable<TokenBucket> _buckets = new(MostAddresses, () => new TokenBucket(perSecond, burst, timeProvider));

    /// <summary>A minute's worth may come at once.</summary>
    public JoinRateLimiter(int perMinute, TimeProvider timeProvider)
        : this(perMinute / 60.0, perMinute, timeProvider)
    {
    }

    public bool TryJoin(IPAddress? remote)
    {
        lock (_gate)
        {
            return _buckets.Get(remote).TryTake();
        }
    }
}
