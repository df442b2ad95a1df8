using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public class OriginGateTests
{
    [Theory]
    [InlineData("https", "192.168.1.20:3000", "https://192.168.1.20:3000", true)]
    [InlineData("https", "Desk.local:3000", "https://desk.LOCAL:3000", true)]
    [InlineData("https", "desk.local", "https://desk.local", true)]
    [InlineData("https", "desk.local:443", "https://desk.local", true)]
    [InlineData("https", "[fd00::20]:3000", "https://[fd00::20]:3000", true)]
    [InlineData("http", "desk.local:3000", "http://desk.local:3000", true)]
    [InlineData("http", "desk.local:3000", "https://desk.local:3000", true)] // TLS ended in front of us
    [InlineData("https", "desk.local:3000", "http://desk.local:3000", false)] // an unencrypted page
    [InlineData("https", "desk.local:3000", "https://desk.local:3001", false)]
    [InlineData("https", "desk.local:3000", "https://desk.local", false)]
    [InlineData("https", "desk.local:3000", "https://evil.example", false)]
    [InlineData("https", "desk.local:3000", "https://desk.local:3000.evil.example", false)]
    [InlineData("https", "desk.local:3000", "https://desk.local:3000@evil.example", false)]
    [InlineData("https", "desk.local:3000", "https://desk.local:3000/path", false)]
    [InlineData("https", "desk.local:3000", "https://desk.local:3000 https://evil.example", false)]
    [InlineData("https", "desk.local:3000", "null", false)]
    [InlineData("https", "desk.local:3000", "", false)]
    [InlineData("https", "desk.local:3000", "file://", false)]
    [InlineData("https", "desk.local:3000", "chrome-extension://abcdef", false)]
    [InlineData("https", "desk.local:3000", "https://intranet.example", true)] // listed
    [InlineData("https", "desk.local:3000", "http://intranet.example", false)]
    public void IsAllowed_FollowsHostAndList(string scheme, string host, string origin, bool expected)
    {
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host) = (scheme, new HostString(host));
        context.Request.Headers.Origin = origin;
        Assert.Equal(expected, new OriginGate(["https://intranet.example"]).IsAllowed(context.Request));
    }

    [Fact]
    public void NoOrigin_IsAllowed_TwoAreNot()
    {
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host) = ("https", new HostString("desk.local"));
        Assert.True(new OriginGate([]).IsAllowed(context.Request));
        context.Request.Headers.Origin = new(["https://desk.local", "https://desk.local"]);
        Assert.False(new OriginGate([]).IsAllowed(context.Request));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task WebSocket_ForeignOrigin_Is403(string origin)
    {
        await using var host = await LoopbackHost.StartAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => host.OpenAsync(("Origin", origin)));
        Assert.Equal(HttpStatusCode.Forbidden, host.LastRefusal);
        using var own = await host.OpenAsync(("Origin", host.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Fact]
    public void OriginCopiedFromTheAddressBar_IsTakenWithItsSlash()
    {
        var options = new P2PCamEndpointOptions { AllowedOrigins = { "https://intranet.example/" } };
        options.Validate();
        var context = new DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host) = ("https", new HostString("desk.local:3000"));
        context.Request.Headers.Origin = "https://intranet.example";
        Assert.True(new OriginGate(options.AllowedOrigins).IsAllowed(context.Request));
        Assert.Equal(" https://intranet.example", WebOrigin.ListForPolicy(options.AllowedOrigins));
    }

    [Fact]
    public void MapP2PCam_AllowedOriginWithPath_Throws()
    {
        var options = new P2PCamEndpointOptions { AllowedOrigins = { "https://intranet.example/page" } };
        Assert.Contains("https://intranet.example/page", Assert.Throws<ArgumentException>(options.Validate).Message);
    }
}
