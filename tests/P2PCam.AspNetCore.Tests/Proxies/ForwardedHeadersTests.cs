using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.AspNetCore.Proxies;

namespace P2PCam.AspNetCore.Tests.Proxies;

public class ForwardedHeadersTests
{
    [Theory]
    [InlineData("X-Forwarded-For: 192.0.2.7|X-Forwarded-Proto: https|X-Forwarded-Host: example.org:8443|X-Forwarded-Prefix: /cam", "192.0.2.7 https://example.org:8443/cam/s/x")]
    [InlineData("X-Forwarded-For: 192.0.2.7, 127.0.0.1|X-Forwarded-Proto: https", "192.0.2.7 https://inner:5000/s/x")] // two of ours
    [InlineData("X-Forwarded-For: 127.0.0.1, 203.0.113.9, 192.0.2.7", "192.0.2.7 http://inner:5000/s/x")] // what the stranger wrote himself
    [InlineData("X-Forwarded-For: 192.0.2.7:4711", "192.0.2.7 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-For: [2001:db8::7]:4711", "2001:db8::7 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-For: 2001:db8::7", "2001:db8::7 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-For: unknown|X-Forwarded-Proto: wss", "127.0.0.1 https://inner:5000/s/x")]
    [InlineData("X-Forwarded-Host: example.org|X-Forwarded-Port: 8443|X-Forwarded-Proto: https", "127.0.0.1 https://example.org:8443/s/x")]
    [InlineData("X-Forwarded-Host: example.org|X-Forwarded-Port: 443|X-Forwarded-Proto: https", "127.0.0.1 https://example.org/s/x")]
    [InlineData("X-Forwarded-Host: example.org:9000|X-Forwarded-Port: 8443", "127.0.0.1 http://example.org:9000/s/x")]
    [InlineData("X-Forwarded-Prefix: /cam/", "127.0.0.1 http://inner:5000/cam/s/x")]
    [InlineData("X-Forwarded-Prefix: //evil.example", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-Prefix: /a/../b", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-Prefix: /", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-Prefix: /\"><script>", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("X-Forwarded-Proto: javascript|X-Forwarded-Host: a b|X-Forwarded-Port: 99999", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("Forwarded: for=192.0.2.7;proto=https", "127.0.0.1 http://inner:5000/s/x")] // not asked for
    public void XForwarded_FromAKnownProxy_IsRead(string headers, string expected) => Assert.Equal(expected, Apply(headers, "127.0.0.1"));

    [Theory]
    [InlineData("Forwarded: for=192.0.2.7;proto=https;host=example.org", "192.0.2.7 https://example.org/s/x")]
    [InlineData("Forwarded: For=\"[2001:db8::7]:4711\"; Proto=https; Host=\"example.org:8443\"", "2001:db8::7 https://example.org:8443/s/x")]
    [InlineData("Forwarded: for=203.0.113.9;proto=http, for=192.0.2.7;proto=https", "192.0.2.7 https://inner:5000/s/x")]
    [InlineData("Forwarded: for=192.0.2.7, for=127.0.0.1;host=example.org", "192.0.2.7 http://example.org/s/x")]
    [InlineData("Forwarded: for=_hidden;proto=https;host=example.org", "127.0.0.1 https://example.org/s/x")]
    [InlineData("Forwarded: by=\"a,b;c\";for=192.0.2.7", "192.0.2.7 http://inner:5000/s/x")]
    [InlineData("Forwarded: for=192.0.2.7|X-Forwarded-Prefix: /cam", "192.0.2.7 http://inner:5000/cam/s/x")]
    [InlineData("Forwarded: \"|X-Forwarded-For: 192.0.2.7", "127.0.0.1 http://inner:5000/s/x")]
    [InlineData("Forwarded: ;;=,==,for", "127.0.0.1 http://inner:5000/s/x")]
    public void Forwarded_WhereAskedFor_IsReadInItsPlace(string headers, string expected) => Assert.Equal(expected, Apply(headers, "127.0.0.1", readForwarded: true));

    [Theory]
    [InlineData("192.0.2.99")]
    [InlineData("::ffff:10.0.0.2")]
    public void FromAnybodyElse_NothingIsRead(string remote) =>
        Assert.Equal($"{remote} http://inner:5000/s/x", Apply("X-Forwarded-For: 192.0.2.7|X-Forwarded-Proto: https|X-Forwarded-Host: example.org|X-Forwarded-Prefix: /cam", remote));

    [Theory]
    [InlineData("10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.2", "::ffff:10.0.0.2")]
    [InlineData("172.16.0.0/12", "172.17.0.1")]
    [InlineData("fd00::/8", "fd12::1")]
    public void KnownProxies_AreAddressesAndNetworks(string known, string remote) => Assert.StartsWith("192.0.2.7 ", Apply("X-Forwarded-For: 192.0.2.7", remote, known: known));

    [Fact]
    public void ProxyBehindAUnixSocket_HasNoAddress_AndIsOnThisMachine()
    {
        const string Headers = "X-Forwarded-For: 192.0.2.7|X-Forwarded-Proto: https|X-Forwarded-Host: example.org";
        Assert.Equal("192.0.2.7 https://example.org/s/x", Apply(Headers, remote: null));
        Assert.Equal(" http://inner:5000/s/x", Apply(Headers, remote: null, known: "10.0.0.2"));
    }

    [Theory]
    [InlineData("proxy.local")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void KnownProxy_ThatIsNone_IsNamed(string text) => Assert.Contains($"'{text}' in KnownProxies", Assert.Throws<ArgumentException>(() => new KnownProxies([text])).Message);

    [Fact]
    public void LongLists_AreCutShort()
    {
        var many = string.Join(',', Enumerable.Repeat("127.0.0.1", 100_000));
        Assert.StartsWith("127.0.0.1 ", Apply($"X-Forwarded-For: {many}", "127.0.0.1"));
    }

    private static string Apply(string headers, string? remote, bool readForwarded = false, string? known = null)
    {
        var options = new P2PCamForwardedHeadersOptions { ReadForwarded = readForwarded };
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host, context.Request.Path) = ("http", new HostString("inner:5000"), "/s/x");
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        foreach (var line in headers.Split('|'))
        {
            context.Request.Headers.Append(line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        }

        new ForwardedHeadersFilter(options, new KnownProxies(known is null ? [] : [known]), NullLogger<ForwardedHeadersFilter>.Instance).Apply(context);
        var request = context.Request;
        return $"{context.Connection.RemoteIpAddress} {request.Scheme}://{request.Host}{request.PathBase}{request.Path}";
    }
}
