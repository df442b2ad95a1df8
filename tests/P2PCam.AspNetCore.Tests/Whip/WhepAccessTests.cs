using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Who may, from where, how often.</summary>
public class WhepAccessTests
{
    [Fact]
    public async Task Line05_Options_Is200_WithAcceptPost_AndCorsForAllowedOriginsOnly()
    {
        await using var bed = await WhepBed.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        using var plain = await bed.Client.SendAsync(HttpMethod.Options, "/whep");
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal("application/sdp", plain.Headers.GetValues("Accept-Post").Single());
        Assert.Contains("POST", plain.Content.Headers.Allow);

        using var friend = await PreflightAsync(bed.Client, "/whep", "https://friend.example");
        Assert.Equal("https://friend.example", friend.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("POST", friend.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Contains("Authorization", friend.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(friend.Headers.Contains("Link"));

        using var foreign = await PreflightAsync(bed.Client, "/whep", "https://evil.example");
        Assert.Equal(HttpStatusCode.OK, foreign.StatusCode);
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Line05_OptionsOfASession_AllowsPatchAndDelete()
    {
        await using var bed = await WhepBed.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        var created = await bed.WatchAsync();
        using var response = await PreflightAsync(bed.Client, created.Location, "https://friend.example");
        Assert.Equal("GET, HEAD, OPTIONS, PATCH, DELETE", response.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Contains("If-Match", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal(WhipRequests.Fragment, response.Headers.GetValues("Accept-Patch").Single());
    }

    [Fact]
    public async Task Line05_AllowedOrigin_MayReadLocationAndTag()
    {
        await using var bed = await WhepBed.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer(), headers: ("Origin", "https://friend.example"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("https://friend.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Location", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.Contains("ETag", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task ForeignPage_MayNotWatch(string origin)
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer(), headers: ("Origin", origin));
        await response.AssertProblemAsync(403, "P2P3004");
        Assert.Empty(bed.Broadcaster.Viewers);
    }

    [Fact]
    public async Task Line05_Preflight_IsNever401_EvenWhereEverythingNeedsAuthorization()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<InMemorySignaling>();
        builder.Services.AddAuthentication("nobody").AddScheme<AuthenticationSchemeOptions, Nobody>("nobody", null);
        builder.Services.AddAuthorization();
        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapP2PCam().RequireAuthorization();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var post = await client.PostAsync("/whep", "v=0\r\n");
        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);
        foreach (var path in new[] { "/whep", "/whep/garden", "/whep/sessions/0123" })
        {
            using var preflight = await PreflightAsync(client, path, app.Urls.First());
            Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        }
    }

    [Fact]
    public async Task Line27_TooManyConnections_Is503_WithRetryAfter()
    {
        await using var bed = await WhepBed.StartAsync(options => options.MaxConnections = 1);
        await bed.WatchAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer());
        await response.AssertProblemAsync(503, "P2P3005");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Line27_CameraWithoutAPlaceForAnotherViewer_Is503_WithRetryAfter()
    {
        await using var bed = await WhepBed.StartAsync(camera: options => options.MaxViewers = 1);
        await bed.WatchAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer());
        await response.AssertProblemAsync(503, "P2P2110");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Line28_IceServers_AreLinksOfThe201_AndNotOfThePreflight()
    {
        await using var bed = await WhepBed.StartAsync(options =>
        {
            options.IceServers.Add(new IceServer(["stun:stun.example:3478"]));
            options.IceServers.Add(new IceServer(["turn:turn.example:3478?transport=udp", "turns:turn.example:5349"], "us\"er", "secret"));
        });
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer());
        Assert.Equal(
            [
                "<stun:stun.example:3478>; rel=\"ice-server\"",
                "<turn:turn.example:3478?transport=udp>; rel=\"ice-server\"; username=\"us\\\"er\"; credential=\"secret\"; credential-type=\"password\"",
                "<turns:turn.example:5349>; rel=\"ice-server\"; username=\"us\\\"er\"; credential=\"secret\"; credential-type=\"password\"",
            ],
            response.Headers.GetValues("Link"));
        using var preflight = await PreflightAsync(bed.Client, "/whep", bed.Host.Address.GetLeftPart(UriPartial.Authority));
        Assert.False(preflight.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Line29_BearerToken_OpensWhatNeedsOne()
    {
        var tokens = new P2PCamTokens([P2PCamTokens.CreateKey()]);
        await using var bed = await WhepBed.StartAsync(services: services => services.AddSingleton(tokens));
        using var none = await bed.Client.PostAsync("/whep", bed.NewOffer());
        await none.AssertProblemAsync(401, "P2P3104");
        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.Single().Scheme);
        using var forged = await bed.Client.PostAsync("/whep", bed.NewOffer(), token: "p2pcam_AAAA");
        await forged.AssertProblemAsync(401, "P2P3106");
        using var otherStream = await bed.Client.PostAsync("/whep", bed.NewOffer(), token: tokens.Create("garden", SignalingRole.Viewer, TimeSpan.FromMinutes(5)));
        await otherStream.AssertProblemAsync(403, "P2P3107");
        using var otherRole = await bed.Client.PostAsync("/whep", bed.NewOffer(), token: tokens.Create("default", SignalingRole.Broadcaster, TimeSpan.FromMinutes(5)));
        await otherRole.AssertProblemAsync(403, "P2P3108");
        await bed.WatchAsync(token: tokens.Create("default", SignalingRole.Viewer, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Line29_Token_IsNotTakenFromTheQuery()
    {
        var tokens = new P2PCamTokens([P2PCamTokens.CreateKey()]);
        await using var bed = await WhepBed.StartAsync(services: services => services.AddSingleton(tokens));
        var token = tokens.Create("default", SignalingRole.Viewer, TimeSpan.FromMinutes(5));
        using var response = await bed.Client.PostAsync($"/whep?token={token}&access_token={token}", bed.NewOffer());
        await response.AssertProblemAsync(401, "P2P3104");
    }

    [Fact]
    public async Task Line31_PostPatchAndDelete_AreLimitedInRate()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var host = await LoopbackHost.StartAsync(options => (options.MaxJoinsPerMinute, options.MaxMessagesPerSecond) = (2, 1), time);
        await using var peer = new MediaPeer();
        for (var i = 0; i < 2; i++)
        {
            using var early = await host.Client.PostAsync("/whep", peer.OfferToReceive().Offer);
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        }

        using var post = await host.Client.PostAsync("/whep", peer.OfferToReceive().Offer);
        await post.AssertProblemAsync(429, "P2P3112");
        Assert.NotNull(post.Headers.RetryAfter);
        for (var i = 0; i < 4; i++)
        {
            using var early = await host.Client.SendAsync(i % 2 == 0 ? HttpMethod.Delete : HttpMethod.Patch, "/whep/sessions/00");
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        }

        using var delete = await host.Client.SendAsync(HttpMethod.Delete, "/whep/sessions/00");
        await delete.AssertProblemAsync(429, "P2P3311");
        using var patch = await host.Client.SendAsync(HttpMethod.Patch, "/whep/sessions/00");
        await patch.AssertProblemAsync(429, "P2P3311");
        time.Advance(TimeSpan.FromSeconds(2));
        using var later = await host.Client.SendAsync(HttpMethod.Patch, "/whep/sessions/00");
        await later.AssertProblemAsync(404, "P2P3305");
    }

    [Theory]
    [InlineData("PUT", "/whep")]
    [InlineData("DELETE", "/whep")]
    public async Task OtherMethods_Are405_WithTheOnesThatWork(string method, string path)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var response = await host.Client.SendAsync(new HttpMethod(method), path);
        await response.AssertProblemAsync(405, "P2P3312");
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    private static Task<HttpResponseMessage> PreflightAsync(HttpClient client, string path, string origin) =>
        client.SendAsync(HttpMethod.Options, path, headers: [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type")]);

    private sealed class Nobody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
