using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Security;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Who may be the camera, and who may push whom aside.</summary>
public class WhipAccessTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", null, null, null, true)]
    [InlineData("::1", "::1", "[::1]:3000", null, null, null, true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", "127.0.0.1", null, null, null, true)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", "http://localhost:3000", "same-origin", null, true)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", "https://evil.example", null, null, false)] // a foreign page on this PC
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", "null", null, null, false)] // a sandboxed one
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", "http://localhost:4000", null, null, false)] // another program's page
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", null, "cross-site", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "evil.example:3000", "http://evil.example:3000", "same-origin", null, false)] // DNS rebinding
    [InlineData("127.0.0.1", "127.0.0.1", "localhost.evil.example", null, null, null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", "192.168.1.20:3000", null, null, null, false)]
    [InlineData("192.168.1.30", "192.168.1.20", "localhost:3000", null, null, null, false)] // from the network, whatever it says
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", null, null, "X-Forwarded-For", false)] // through a proxy here
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:3000", null, null, "Forwarded", false)]
    [InlineData(null, null, "localhost:3000", null, null, null, false)]
    public void ThisMachine_IsRecognizedByWhatNoPageCanForge(string? remote, string? local, string host, string? origin, string? site, string? mark, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        foreach (var (name, value) in new[] { ("Origin", origin), ("Sec-Fetch-Site", site), (mark ?? "X-Nothing", mark is null ? null : "1") })
        {
            if (value is not null)
            {
                context.Request.Headers[name] = value;
            }
        }

        Assert.Equal(expected, ThisMachine.IsAsking(context));
    }

    [Fact]
    public async Task Line29_WithoutRight_PublishingIs403_WhereThereAreNoTokens()
    {
        await using var bed = await WhipBed.StartAsync(options => options.PublishFromLoopback = false);
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer());
        await response.AssertProblemAsync(403, "P2P3314");
        Assert.Null(bed.Source.Publisher);
    }

    [Fact]
    public async Task Line29_PublishersToken_ByBearer_Publishes_AndViewersTokenCannot()
    {
        var tokens = new P2PCamTokens([P2PCamTokens.CreateKey()]);
        await using var bed = await WhipBed.StartAsync(options => options.PublishFromLoopback = false, services => services.AddSingleton(tokens));
        using var none = await bed.Client.PostAsync("/whip", bed.NewOffer());
        await none.AssertProblemAsync(401, "P2P3104");
        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.Single().Scheme);
        using var viewer = await bed.Client.PostAsync("/whip", bed.NewOffer(), token: tokens.Create("default", SignalingRole.Viewer, Lifetime));
        await viewer.AssertProblemAsync(403, "P2P3108");
        using var other = await bed.Client.PostAsync("/whip", bed.NewOffer(), token: tokens.Create("garden", SignalingRole.Broadcaster, Lifetime));
        await other.AssertProblemAsync(403, "P2P3107");
        Assert.Null(bed.Source.Publisher);

        var right = tokens.Create("default", SignalingRole.Broadcaster, Lifetime);
        var created = await bed.PublishAsync(token: right);
        using var foreign = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, token: tokens.Create("default", SignalingRole.Broadcaster, Lifetime));
        await foreign.AssertProblemAsync(401, "P2P3313");
        using var own = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, token: right);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Line29_ViewersPin_DoesNotPublish()
    {
        await using var bed = await WhipBed.StartAsync(options => (options.PublishFromLoopback, options.ViewerPin) = (false, "4711"));
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer(), token: "4711");
        await response.AssertProblemAsync(403, "P2P3314");
    }

    [Fact]
    public async Task TokensForViewersOnly_DoNotOpenPublishing()
    {
        await using var bed = await WhipBed.StartAsync(
            options => options.PublishFromLoopback = false,
            services => services.AddP2PCamTokens(options => options.RequireForBroadcasters = false));
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer());
        await response.AssertProblemAsync(401, "P2P3104");
    }

    [Fact]
    public async Task SecondPublisher_Is409_UnlessItTakesOver_AndTheFirstIsTold()
    {
        await using var bed = await WhipBed.StartAsync();
        var first = await bed.PublishAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        await using var second = new MediaPeer();
        using var refused = await bed.Client.PostAsync("/whip", second.OfferToSend().Offer);
        await refused.AssertProblemAsync(409, "P2P3316");
        await bed.ReadFrameAsync();

        var taken = await bed.PublishAsync("/whip?takeover=1", by: second);
        await bed.Media.NextEventAsync(PeerSessionEventKind.Closed);
        await WhepTests.WaitForEndAsync(bed.Client, first.Location);
        await second.NextEventAsync(PeerSessionEventKind.Connected);
        using var delete = await bed.Client.SendAsync(HttpMethod.Delete, taken.Location);
        Assert.Equal("P2P1020", (await reading).Code);
    }

    [Fact]
    public async Task PublisherThatFellSilent_GivesWayWithoutTakeOver()
    {
        await using var bed = await WhipBed.StartAsync(stallTimeout: TimeSpan.FromSeconds(3));
        using var silence = new CancellationTokenSource();
        await bed.PublishAsync(until: silence.Token);
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        await silence.CancelAsync();
        Assert.Equal("P2P1021", (await reading).Code);
        Assert.True(bed.Source.Publisher!.IsStalled);

        reading = bed.ReadUntilItFailsAsync();
        await using var second = new MediaPeer();
        var created = await bed.PublishAsync(by: second);
        await bed.ReadFrameAsync();
        using var delete = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        Assert.Equal("P2P1020", (await reading).Code);
    }

    [Fact]
    public async Task ForeignPage_MayNotPublish_EvenIfItMayWatch()
    {
        await using var bed = await WhipBed.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        using var evil = await bed.Client.PostAsync("/whip", bed.NewOffer(), headers: ("Origin", "https://evil.example"));
        await evil.AssertProblemAsync(403, "P2P3004");
        using var friend = await bed.Client.PostAsync("/whip", bed.NewOffer(), headers: ("Origin", "https://friend.example"));
        await friend.AssertProblemAsync(403, "P2P3314");
    }

    [Fact]
    public async Task Line05_Options_Is200_WithAcceptPost()
    {
        await using var bed = await WhipBed.StartAsync(options => options.PublishFromLoopback = false);
        using var response = await bed.Client.SendAsync(HttpMethod.Options, "/whip");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/sdp", response.Headers.GetValues("Accept-Post").Single());
    }

    [Fact]
    public async Task Line27_Overload_Is503_WithRetryAfter()
    {
        await using var bed = await WhipBed.StartAsync(options => options.MaxConnections = 1);
        await bed.PublishAsync();
        using var response = await bed.Client.PostAsync("/whip?takeover=1", bed.NewOffer());
        await response.AssertProblemAsync(503, "P2P3005");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task HostWithoutAnAddressToReceiveAt_Is503_WithRetryAfter()
    {
        // 192.0.2.0/24 is for documentation (RFC 5737): nobody has an address of it.
        await using var bed = await WhipBed.StartAsync(services: all => all.AddKeyedSingleton("default", (provider, _) => new BrowserCameraSource(
            new BrowserCameraOptions { MediaAddresses = { IPAddress.Parse("192.0.2.1") } }, null, provider.GetRequiredService<ILoggerFactory>())));
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer());
        await response.AssertProblemAsync(503, "P2P1023");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Line28_IceServers_AreLinksOfThe201()
    {
        await using var bed = await WhipBed.StartAsync(options => options.AddTurnServer("turn:turn.example:3478", "secret"));
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer());
        Assert.Matches("^<turn:turn.example:3478>; rel=\"ice-server\"; username=\"[0-9]+:[0-9a-f]+\"; credential=\"[^\"]+\"; credential-type=\"password\"$", response.Headers.GetValues("Link").Single());
    }

    [Fact]
    public async Task Line31_Posts_AreLimitedInRate()
    {
        await using var bed = await WhipBed.StartAsync(options => options.MaxJoinsPerMinute = 2, timeProvider: new ManualTime(DateTimeOffset.UtcNow));
        for (var i = 0; i < 2; i++)
        {
            using var early = await bed.Client.PostAsync("/whip", "nothing");
            Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        }

        using var response = await bed.Client.PostAsync("/whip", "nothing");
        await response.AssertProblemAsync(429, "P2P3112");
    }

    [Fact]
    public async Task Status_SaysWhatThePageShows()
    {
        await using var bed = await WhipBed.StartAsync(pattern: "/cam");
        using (var before = JsonDocument.Parse(await bed.Client.GetStringAsync("/cam/camera/status")))
        {
            var root = before.RootElement;
            Assert.Equal(["state", "viewers", "mayPublish", "publisher", "watch"], root.EnumerateObject().Select(property => property.Name));
            Assert.Equal(0, root.GetProperty("viewers").GetInt32());
            Assert.True(root.GetProperty("mayPublish").GetBoolean());
            Assert.Equal(JsonValueKind.Null, root.GetProperty("publisher").ValueKind);
            Assert.Equal(bed.Host.Address + "cam", root.GetProperty("watch")[0].GetString());
        }

        await bed.PublishAsync("/cam/whip");
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        using var limit = new CancellationTokenSource(WhipBed.Limit);
        while (true)
        {
            using var during = JsonDocument.Parse(await bed.Client.GetStringAsync("/cam/camera/default/status"));
            var publisher = during.RootElement.GetProperty("publisher");
            Assert.Equal(("VP8", 640, 360), (publisher.GetProperty("codec").GetString(), publisher.GetProperty("width").GetInt32(), publisher.GetProperty("height").GetInt32()));
            Assert.True(publisher.GetProperty("since").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
            if (publisher.GetProperty("fps").GetDouble() > 1 && publisher.GetProperty("bitrate").GetInt64() > 10_000)
            {
                break;
            }

            await Task.Delay(50, limit.Token);
        }

        await bed.Source.DisposeAsync();
        await reading;
    }

    [Fact]
    public async Task Status_IsForWhoMayPublish()
    {
        await using var bed = await WhipBed.StartAsync(options => options.PublishFromLoopback = false);
        using var response = await bed.Client.GetAsync("/camera/status");
        await response.AssertProblemAsync(403, "P2P3314");
    }

    [Fact]
    public async Task Line26_RedirectsAre307()
    {
        using var folder = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseP2PCamLanHttps(port: 0, configure: options => options.DataDirectory = folder.Path);
        builder.Services.AddSingleton<InMemorySignaling>();
        await using var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        foreach (var path in new[] { "whip", "whep", "whep/sessions/00" })
        {
            using var response = await client.GetAsync($"http://127.0.0.1:{app.Services.GetRequiredService<LanHttpsInfo>().Port}/{path}");
            Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        }
    }
}
