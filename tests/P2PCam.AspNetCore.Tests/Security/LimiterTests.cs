using System.Net;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public class LimiterTests
{
    [Fact]
    public void ConnectionLimiter_CountsTotalAndPerAddress()
    {
        var limiter = new ConnectionLimiter(most: 3, mostPerAddress: 2);
        var one = IPAddress.Parse("10.0.0.1");
        var first = limiter.TryEnter(one);
        Assert.NotNull(first);
        Assert.NotNull(limiter.TryEnter(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.Null(limiter.TryEnter(one));
        Assert.NotNull(limiter.TryEnter(IPAddress.Parse("10.0.0.2")));
        Assert.Null(limiter.TryEnter(IPAddress.Parse("10.0.0.3")));

        first.Dispose();
        first.Dispose(); // twice gives back one place, not two
        Assert.NotNull(limiter.TryEnter(one));
        Assert.Null(limiter.TryEnter(IPAddress.Parse("10.0.0.3")));
    }

    [Fact]
    public void ConnectionLimiter_OneIPv6Network_CountsAsOneAddress()
    {
        var limiter = new ConnectionLimiter(most: 100, mostPerAddress: 1);
        Assert.NotNull(limiter.TryEnter(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.Null(limiter.TryEnter(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotNull(limiter.TryEnter(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void TokenBucket_AllowsABurst_ThenTheRate()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var bucket = new TokenBucket(perSecond: 10, burst: 5, time);
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => bucket.TryTake()));
    }
}
