using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.Tests.Whip;

namespace P2PCam.AspNetCore.Tests.Proxies;

public class BehindProxyTests
{
    [Fact]
    public async Task ForwardedPrefix_ReachesPages_EvenWithoutASlashAtTheEnd()
    {
        await using var host = await StartAsync();
        // A proxy that makes "/" of "/cam" leaves the page no other way to know where it is.
        using var response = await host.GetAsync("/", ("X-Forwarded-Prefix", "/cam"));
        Assert.Contains("href=\"/cam/page.css\"", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ForwardedFor_IsWhoIsLimited()
    {
        await using var host = await StartAsync(options => options.MaxJoinsPerMinute = 2);
        async Task<HttpStatusCode> JoinAsync(string client)
        {
            using var response = await host.Client.PostAsync("/whep", "v=0\r\n", headers: [("X-Forwarded-For", client)]);
            return response.StatusCode;
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await JoinAsync("192.0.2.1"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await JoinAsync("192.0.2.1"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await JoinAsync("192.0.2.2"));
    }

    [Fact]
    public async Task ForwardedHost_IsWhatPagesAreComparedWith_AndWhatMustBeAllowed()
    {
        await using var host = await StartAsync(options => options.AllowedHosts.Add("example.org"));
        using var own = await host.OpenAsync(("X-Forwarded-Host", "example.org:8443"), ("X-Forwarded-Proto", "https"), ("Origin", "https://example.org:8443"));
        using var refused = await host.GetAsync("/", ("X-Forwarded-Host", "evil.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    [Fact]
    public async Task WhoeverComesThroughAProxy_IsNotThisMachine()
    {
        await using var host = await StartAsync();
        using var direct = await host.Client.PostAsync("/whip", "v=0\r\n");
        await direct.AssertProblemAsync(404, "P2P3315");
        using var forwarded = await host.Client.PostAsync("/whip", "v=0\r\n", headers: [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "localhost")]);
        await forwarded.AssertProblemAsync(403, "P2P3314");
    }

    [Fact]
    public async Task WatchLinks_NameTheWayThroughTheProxy()
    {
        await using var host = await LoopbackHost.StartAsync(
            configure: options => options.BroadcastPolicy = "all",
            services: services =>
            {
                services.AddP2PBroadcaster("garden", o => (o.MediaPort, o.Stream) = (0, "garden")).UseBrowserCamera();
                services.AddAuthorization(o => o.AddPolicy("all", policy => policy.RequireAssertion(_ => true)));
            },
            prepare: builder => builder.UseP2PCamForwardedHeaders());
        using var response = await host.GetAsync("/camera/garden/status", ("X-Forwarded-Host", "localhost:8443"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/cam"));
        using var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://localhost:8443/cam/s/garden", status.RootElement.GetProperty("watch")[0].GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PlainHttpFromAProxyThatTookHttps_IsNoEndlessRedirect(bool isRead)
    {
        using var data = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.UseP2PCamLanHttps(0, https => https.DataDirectory = data.Path);
        if (isRead)
        {
            builder.UseP2PCamForwardedHeaders();
        }

        builder.Services.AddSingleton<InMemorySignaling>();
        await using var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(app.Urls.First()).Port}") };
        using var response = await client.SendAsync(HttpMethod.Get, "/", headers: [("X-Forwarded-Proto", "https")]);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(isRead ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(isRead ? "<video" : "P2P3018", text);
        using var plain = await client.SendAsync(HttpMethod.Get, "/");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, plain.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConnectionsOfAProxy_AreNotCountedAsOneStrangers(bool isKnown)
    {
        using var data = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.UseP2PCamLanHttps(0, https => (https.DataDirectory, https.AllowHttp) = (data.Path, true));
        if (isKnown)
        {
            builder.UseP2PCamForwardedHeaders();
        }

        builder.Services.AddSingleton<InMemorySignaling>();
        await using var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        var port = new Uri(app.Urls.First()).Port;
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 128; i++)
            {
                sockets.Add(new TcpClient());
                await sockets[^1].ConnectAsync(IPAddress.Loopback, port);
                await sockets[^1].GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                Assert.NotEqual(0, await sockets[^1].GetStream().ReadAsync(new byte[1]));
            }

            using var client = new HttpClient();
            var one = client.GetStringAsync($"http://127.0.0.1:{port}/healthz");
            if (isKnown)
            {
                Assert.Equal("Healthy\n", await one);
            }
            else
            {
                await Assert.ThrowsAsync<HttpRequestException>(() => one);
            }
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static Task<LoopbackHost> StartAsync(Action<P2PCamEndpointOptions>? configure = null) =>
        LoopbackHost.StartAsync(configure, prepare: builder => builder.UseP2PCamForwardedHeaders());
}
