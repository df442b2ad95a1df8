using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using P2PCam.AspNetCore.Tests.Whip;
using P2PCam.TestKit;

namespace P2PCam.AspNetCore.Tests.Proxies;

/// <summary>The configurations of docs/reverse-proxy.md, tried as written.</summary>
public partial class DocumentedProxyTests
{
    [ToolTheory("nginx")]
    [InlineData(0, "")]
    [InlineData(1, "cam/")]
    public async Task Nginx_AsWritten(int block, string folder)
    {
        await using var bed = await StartBedAsync();
        await using var proxy = await DocumentedProxy.StartNginxAsync(DocumentedProxy.Blocks("nginx")[block], bed.Host.Address);
        await CheckAsync(bed, proxy, folder);
    }

    [ToolFact("nginx")]
    public async Task Nginx_ThatNamesNoPrefix_AndHandsOnTheHostWithoutItsPort_StillShowsThePage_AndTheRefusalSaysWhatIsWrong()
    {
        await using var bed = await StartBedAsync();
        var block = DocumentedProxy.Blocks("nginx")[1];
        var careless = SetHeader().Replace(block, "").Replace("proxy_http_version 1.1;", "proxy_set_header Host $host;", StringComparison.Ordinal);
        await using var proxy = await DocumentedProxy.StartNginxAsync(careless, bed.Host.Address);
        var page = new Uri(proxy.Address, "cam/");
        await CheckFilesAsync(proxy, page, await proxy.Client.GetStringAsync(page));

        // No WebSocket gets through, and the page is told so in the way that makes it go on by WHEP.
        using var signal = await proxy.Client.GetAsync(new Uri(page, "signal"));
        Assert.Equal(HttpStatusCode.UpgradeRequired, signal.StatusCode);
        var origin = proxy.Address.GetLeftPart(UriPartial.Authority);
        var endpoint = new Uri(page, "whep").ToString();
        using var refused = await proxy.Client.PostAsync(endpoint, bed.NewOffer(), headers: [("Origin", origin)]);
        await refused.AssertProblemAsync(403, "P2P3004");
        var words = await refused.Content.ReadAsStringAsync();
        Assert.Contains($"of {origin},", words);
        Assert.Contains("it asks http://example.org.", words);
        using var taken = await proxy.Client.PostAsync(endpoint, bed.NewOffer(), headers: [("Origin", origin), ("Sec-Fetch-Site", "same-origin")]);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [ToolFact("caddy")]
    public async Task Caddy_AsWritten()
    {
        await using var bed = await StartBedAsync();
        await using var proxy = await DocumentedProxy.StartCaddyAsync(Assert.Single(DocumentedProxy.Blocks("text")), bed.Host.Address);
        await CheckAsync(bed, proxy, "cam/");
    }

    [Fact]
    public async Task Yarp_AsWritten()
    {
        await using var bed = await StartBedAsync();
        await using var proxy = await YarpProxy.StartAsync(Assert.Single(DocumentedProxy.Blocks("json")), bed.Host.Address);
        await CheckAsync(bed, proxy, "cam/", isSentToSlash: false);

        // It takes the folder without its slash as well, and then only the forwarded prefix says where the page is.
        var bare = new Uri(proxy.Address, "cam");
        await CheckFilesAsync(proxy, bare, await proxy.Client.GetStringAsync(bare));
    }

    private static Task<WhepBed> StartBedAsync() => WhepBed.StartAsync(
        configure: options =>
        {
            options.AllowedHosts.Add("example.org");
            options.PublishFromLoopback = false;
            options.MaxJoinsPerMinute = 20;
        },
        prepare: builder => builder.UseP2PCamForwardedHeaders());

    private static async Task CheckAsync(WhepBed bed, IDocumentedProxy proxy, string folder, bool isSentToSlash = true)
    {
        if (folder.Length > 0 && isSentToSlash)
        {
            // Whoever forgets the slash is sent there.
            using var bare = await proxy.Client.GetAsync(new Uri(proxy.Address, folder.TrimEnd('/')));
            Assert.InRange((int)bare.StatusCode, 300, 399);
            Assert.EndsWith("/" + folder, new Uri(proxy.Address, bare.Headers.Location!).AbsolutePath);
        }

        var page = new Uri(proxy.Address, folder);
        await CheckFilesAsync(proxy, page, await proxy.Client.GetStringAsync(page));
        var other = new Uri(page, "s/garden");
        await CheckFilesAsync(proxy, other, await proxy.Client.GetStringAsync(other));

        // The signaling WebSocket, from a page of the proxy's origin, and from no other.
        var origin = proxy.Address.GetLeftPart(UriPartial.Authority);
        using (var socket = await OpenAsync(page, origin))
        {
            Assert.Equal(WebSocketState.Open, socket.State);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(page, "https://evil.example"));

        // WHEP: the session is where Location leads through the proxy.
        var offer = bed.Media.OfferToReceive();
        var endpoint = new Uri(page, "whep/default");
        using var created = await proxy.Client.PostAsync(endpoint.ToString(), offer.Offer, headers: [("Origin", origin)]);
        var answer = await created.Content.ReadAsStringAsync();
        Assert.True(created.StatusCode == HttpStatusCode.Created, answer);
        bed.Media.Accept(offer, answer);
        Assert.True((await bed.Media.NextFrameAsync()).Length > 0);
        using var delete = await proxy.Client.DeleteAsync(new Uri(endpoint, created.Headers.Location!));
        Assert.Equal(HttpStatusCode.OK, delete.StatusCode);

        // Headers that a stranger writes are overwritten: the Host gate is not led astray.
        using var spoofed = new HttpRequestMessage(HttpMethod.Get, page) { Headers = { { "X-Forwarded-Host", "evil.example" }, { "X-Forwarded-Prefix", "/evil" }, { "X-Forwarded-Port", "1" } } };
        using var answered = await proxy.Client.SendAsync(spoofed);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.DoesNotContain("/evil", await answered.Content.ReadAsStringAsync());

        // Nobody who comes through the proxy is "this machine".
        using var camera = await proxy.Client.GetAsync(new Uri(page, "camera/status"));
        Assert.Equal(HttpStatusCode.Forbidden, camera.StatusCode);
        using var problem = JsonDocument.Parse(await camera.Content.ReadAsStringAsync());
        Assert.Equal("P2P3314", problem.RootElement.GetProperty("code").GetString());
    }

    private static async Task CheckFilesAsync(IDocumentedProxy proxy, Uri page, string html)
    {
        var references = Reference().Matches(html).Select(match => new Uri(page, match.Groups[1].Value)).ToList();
        Assert.True(references.Count >= 5);
        foreach (var reference in references)
        {
            using var file = await proxy.Client.GetAsync(reference);
            Assert.True(file.StatusCode == HttpStatusCode.OK, $"{reference}: {file.StatusCode}");
        }
    }

    private static async Task<ClientWebSocket> OpenAsync(Uri page, string origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        using var invoker = new HttpMessageInvoker(DocumentedProxy.CreateHandler());
        await socket.ConnectAsync(new UriBuilder(new Uri(page, "signal")) { Scheme = page.Scheme == "https" ? "wss" : "ws" }.Uri, invoker, CancellationToken.None);
        return socket;
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+\\.(?:js|css|svg))\"")]
    private static partial Regex Reference();

    [GeneratedRegex(" *proxy_set_header .*\n")]
    private static partial Regex SetHeader();
}
