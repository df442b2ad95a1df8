using System.Net;
using P2PCam.AspNetCore.Tests.Whip;

namespace P2PCam.AspNetCore.Tests.Security;

/// <summary>What a page of an origin in <c>AllowedOrigins</c> needs to show the camera, and what no other page gets.</summary>
public class EmbeddingTests
{
    private const string Friend = "https://friend.example:8443";

    [Theory]
    [InlineData("/p2pcam.js")]
    [InlineData("/session.js")]
    [InlineData("/signaling.js")]
    [InlineData("/whep.js")]
    [InlineData("/p2pcam.css")]
    [InlineData("/signal")] // asked for by fetch() where no WebSocket can be had
    public async Task AllowedOrigin_MayRead_AndNobodyElse(string path)
    {
        await using var host = await StartAsync();
        using var allowed = await host.GetAsync(path, ("Origin", Friend));
        Assert.Equal(Friend, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));

        foreach (var foreign in new[] { "https://evil.example", "null", "https://friend.example", "http://friend.example:8443" })
        {
            using var refused = await host.GetAsync(path, ("Origin", foreign));
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"), foreign);
        }

        // What a cache keeps for one page is not for another.
        using var plain = await host.GetAsync(path);
        Assert.All([allowed, plain], response => Assert.Contains("Origin", response.Headers.Vary));
    }

    [Fact]
    public async Task NotModified_SaysWhoMayReadToo()
    {
        await using var host = await StartAsync();
        using var first = await host.GetAsync("/p2pcam.js");
        using var again = await host.GetAsync("/p2pcam.js", ("If-None-Match", first.Headers.ETag!.Tag), ("Origin", Friend));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(Friend, again.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("/", $"frame-ancestors 'self' {Friend} http://intranet")]
    [InlineData("/s/garden", $"frame-ancestors 'self' {Friend} http://intranet")]
    [InlineData("/camera", "frame-ancestors 'self'")] // nobody shall be led to press Start in a frame
    public async Task Frames_AreForAllowedOrigins(string path, string expected)
    {
        await using var host = await StartAsync();
        using var response = await host.GetAsync(path);
        Assert.EndsWith(expected, response.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Theory]
    [InlineData("/whep", "POST")]
    [InlineData("/whip/default", "POST")]
    [InlineData("/whep/sessions/0123", "DELETE")]
    [InlineData("/camera/status", "GET")]
    [InlineData("/hub/negotiate", "POST")]
    public async Task Preflight_IsAnsweredForAllowedOrigins_AlsoFromTheInternetIntoThisNetwork(string path, string method)
    {
        await using var host = await StartAsync();
        async Task<HttpResponseMessage> AskAsync(string origin) => await host.Client.SendAsync(
            HttpMethod.Options, path, headers: [("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization"), ("Access-Control-Request-Private-Network", "true")]);
        using var allowed = await AskAsync(Friend);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(Friend, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(method, allowed.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Contains("Authorization", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal("true", allowed.Headers.GetValues("Access-Control-Allow-Private-Network").Single());
        using var foreign = await AskAsync("https://evil.example");
        Assert.DoesNotContain(foreign.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SignalRNegotiation_FromAnAllowedOrigin_CanBeRead()
    {
        await using var host = await StartAsync();
        using var allowed = await host.Client.PostAsync("/hub/negotiate?negotiateVersion=1", "", type: null, headers: [("Origin", Friend)]);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(Friend, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var foreign = await host.Client.PostAsync("/hub/negotiate?negotiateVersion=1", "", type: null, headers: [("Origin", "https://evil.example")]);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static Task<LoopbackHost> StartAsync() => LoopbackHost.StartAsync(options =>
    {
        options.AllowedOrigins.Add(Friend);
        options.AllowedOrigins.Add("http://intranet:80");
    });
}
