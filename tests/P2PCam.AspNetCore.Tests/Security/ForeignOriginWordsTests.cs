using System.Net;
using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public class ForeignOriginWordsTests
{
    [Theory]
    [InlineData("cam.example.org", "https://cam.example.org:8443")] // nginx: proxy_set_header Host $host
    [InlineData("127.0.0.1:5000", "https://cam.example.org")] // nginx without any
    [InlineData("cam.example.org:8443", "https://cam.example.org")]
    public void OriginsThatDiffer_AreBothNamed_AndWhatSettlesIt(string host, string origin)
    {
        var request = Request(host, origin);
        Assert.False(new OriginGate([]).IsAllowed(request));
        var words = OriginGate.Explain(request);
        Assert.Contains($"of {origin},", words);
        Assert.Contains($"http://{host}.", words);
        Assert.Contains("$http_host", words);
        Assert.Contains("UseP2PCamForwardedHeaders", words);
        Assert.Contains($"\"{origin}\" to AllowedOrigins", words);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("<script>")]
    public void OriginThatIsNone_IsNotRepeated_AndNotAdvisedToBeAllowed(string origin)
    {
        var words = OriginGate.Explain(Request("desk.local", origin));
        Assert.DoesNotContain(origin, words);
        Assert.Contains("does not say of which origin", words);
    }

    [Theory]
    [InlineData("cam.example.org", "https://cam.example.org:8443", "same-origin", true)] // the proxy lost the port; the browser knows better
    [InlineData("cam.example.org", "https://cam.example.org:8443", "same-site", false)] // another program on the same host
    [InlineData("cam.example.org", "https://cam.example.org:8443", "none", false)]
    [InlineData("127.0.0.1:5000", "https://evil.example", "same-origin", false)] // a name that was made to point at the proxy
    public void WhatTheBrowserSaysOfItself_SettlesALostPort_AndNoOtherHost(string host, string origin, string site, bool expected)
    {
        var request = Request(host, origin);
        request.Headers["Sec-Fetch-Site"] = site;
        Assert.Equal(expected, new OriginGate([]).IsAllowed(request));
    }

    [Fact]
    public async Task WhoIsRefused_ReadsTheWords_AndSoDoesTheLog()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hub/negotiate");
        request.Headers.Add("Origin", "https://cam.example.org:8443");
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var words = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("P2P3004: the page is of https://cam.example.org:8443, and it asks http://127.0.0.1:", words);
        Assert.Contains(host.Logs.Lines, line => line.Id == 3001 && line.Text.Contains("https://cam.example.org:8443", StringComparison.Ordinal));
    }

    private static HttpRequest Request(string host, string origin)
    {
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host) = ("http", new HostString(host));
        context.Request.Headers.Origin = origin;
        return context.Request;
    }
}
