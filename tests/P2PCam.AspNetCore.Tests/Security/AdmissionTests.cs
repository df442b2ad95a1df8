using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public sealed class AdmissionTests : IDisposable
{
    private static readonly SignalingRequest Viewer = new("garden", SignalingRole.Viewer);
    private static readonly SignalingRequest Broadcaster = new("garden", SignalingRole.Broadcaster);
    private readonly P2PCamEndpointOptions _options = new();
    private readonly ServiceCollection _services = [];
    private readonly CollectedLogs _logs = new();

    [Fact]
    public async Task Default_ViewersYes_BroadcastersNo()
    {
        Assert.Null(await RefusalAsync(Viewer));
        Assert.Equal("P2P3009", await RefusalAsync(Broadcaster));
        _options.AllowBroadcasters = true;
        Assert.Null(await RefusalAsync(Broadcaster));
    }

    [Theory]
    [InlineData((SignalingRole)2)]
    [InlineData((SignalingRole)(-1))]
    public async Task RoleThatIsNone_IsRefused(SignalingRole role)
    {
        _options.AllowBroadcasters = true;
        Assert.Equal("P2P3009", await RefusalAsync(new("garden", role)));
    }

    [Fact]
    public async Task Authorizer_SeesWhoAsks_AndItsWordsReachTheParticipant()
    {
        SignalingRequest? seen = null;
        var authorizer = new Mock<ISignalingAuthorizer>();
        authorizer.Setup(a => a.AuthorizeAsync(It.IsAny<SignalingRequest>(), It.IsAny<CancellationToken>()))
            .Callback((SignalingRequest request, CancellationToken _) => seen = request)
            .ReturnsAsync(SignalingDecision.Refuse("Members only.", "CLUB1"));
        _services.AddSingleton(authorizer.Object);
        var request = Viewer with { Token = "t", RemoteAddress = IPAddress.Parse("10.0.0.9"), Transport = "websocket" };
        using var admitted = await Create().AdmitAsync(request, CancellationToken.None);
        Assert.Equal(("CLUB1", "Members only."), admitted.Refusal);
        Assert.Same(request, seen);
    }

    [Fact]
    public async Task Authorizer_CannotLetBroadcastersIn_WhereTheEndpointTakesNone()
    {
        _services.AddSingleton(Deciding(SignalingDecision.Allow()));
        Assert.Equal("P2P3009", await RefusalAsync(Broadcaster));
    }

    [Fact]
    public async Task AuthorizerThatThrows_KeepsEverybodyOut_AndItsTextOutOfTheLog()
    {
        var authorizer = new Mock<ISignalingAuthorizer>();
        authorizer.Setup(a => a.AuthorizeAsync(It.IsAny<SignalingRequest>(), It.IsAny<CancellationToken>())).Throws(new InvalidOperationException("no row for CANARY"));
        _services.AddSingleton(authorizer.Object);
        Assert.Equal("P2P3110", await RefusalAsync(Viewer with { Token = "CANARY" }));
        Assert.Contains(_logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("InvalidOperationException"));
        Assert.DoesNotContain("CANARY", _logs.AllText);
    }

    [Fact]
    public async Task Policies_AreAskedAboutTheRoom_OncePerHello()
    {
        _services.AddLogging().AddAuthorization(auth =>
        {
            auth.AddPolicy("watch", policy => policy.RequireAssertion(context => context.User.IsInRole("family") && context.Resource is SignalingRequest { Stream: "garden" }));
            auth.AddPolicy("send", policy => policy.RequireAssertion(context => context.User.IsInRole("camera")));
        });
        (_options.ViewPolicy, _options.BroadcastPolicy, _options.AllowBroadcasters) = ("watch", "send", true);
        var family = UserIn("family");
        var camera = UserIn("camera");
        Assert.Null(await RefusalAsync(Viewer with { User = family }));
        Assert.Equal("P2P3109", await RefusalAsync(Viewer));
        Assert.Equal("P2P3109", await RefusalAsync(Viewer with { User = camera }));
        Assert.Equal("P2P3109", await RefusalAsync(Viewer with { User = family, Stream = "bedroom" }));
        Assert.Null(await RefusalAsync(Broadcaster with { User = camera }));
        Assert.Equal("P2P3109", await RefusalAsync(Broadcaster with { User = family }));
    }

    [Fact]
    public async Task UnknownPolicy_KeepsEverybodyOut()
    {
        _services.AddLogging().AddAuthorization();
        _options.ViewPolicy = "there is none";
        Assert.Equal("P2P3110", await RefusalAsync(Viewer));
    }

    [Fact]
    public async Task PolicyWithoutAddAuthorization_FailsWhenMapped()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LoopbackHost.StartAsync(options => options.ViewPolicy = "watch"));
        Assert.Contains("AddAuthorization", error.Message);
    }

    [Fact]
    public async Task Tokens_AreNeeded_AndEachWrongOneIsNamed()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        _services.AddSingleton<TimeProvider>(time).AddP2PCamTokens();
        _options.AllowBroadcasters = true;
        var admission = Create(out var services);
        var tokens = services.GetRequiredService<P2PCamTokens>();
        var viewer = tokens.Create("garden", SignalingRole.Viewer, TimeSpan.FromMinutes(5));

        Assert.Null(await RefusalAsync(admission, Viewer with { Token = viewer }));
        Assert.Null(await RefusalAsync(admission, Broadcaster with { Token = tokens.Create("garden", SignalingRole.Broadcaster, TimeSpan.FromMinutes(5)) }));
        Assert.Equal("P2P3104", await RefusalAsync(admission, Viewer));
        Assert.Equal("P2P3106", await RefusalAsync(admission, Viewer with { Token = viewer[..^1] + (viewer[^1] == 'A' ? 'Q' : 'A') }));
        Assert.Equal("P2P3106", await RefusalAsync(admission, Viewer with { Token = "1234" }));
        Assert.Equal("P2P3107", await RefusalAsync(admission, Viewer with { Token = viewer, Stream = "bedroom" }));
        Assert.Equal("P2P3108", await RefusalAsync(admission, Broadcaster with { Token = viewer }));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("P2P3105", await RefusalAsync(admission, Viewer with { Token = viewer }));
    }

    [Fact]
    public async Task MaxViewersPerStream_CountsThoseWhoAreThere()
    {
        _options.MaxViewersPerStream = 1;
        var admission = Create();
        var first = await admission.AdmitAsync(Viewer, CancellationToken.None);
        Assert.Equal("P2P3113", await RefusalAsync(admission, Viewer));
        Assert.Null(await RefusalAsync(admission, Viewer with { Stream = "bedroom" }));
        first.Dispose();
        first.Dispose();
        Assert.Null(await RefusalAsync(admission, Viewer));
    }

    [Fact]
    public void ConnectionsThatComeAndGo_AreHeldToARatePerAddress()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        _services.AddSingleton<TimeProvider>(time);
        _options.MaxJoinsPerMinute = 60;
        var admission = Create();
        Assert.Equal(60, Enumerable.Range(0, 1000).Count(_ => TryEnter("10.0.0.1") == 0));
        Assert.Equal(429, TryEnter("10.0.0.1"));
        Assert.Equal(0, TryEnter("10.0.0.2"));
        Assert.Equal(60, Enumerable.Range(0, 1000).Count(i => TryEnter($"2001:db8::{i:x}") == 0)); // one /64
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5, Enumerable.Range(0, 1000).Count(_ => TryEnter("10.0.0.1") == 0));

        int TryEnter(string address)
        {
            admission.TryEnter(IPAddress.Parse(address), out var refusal)?.Dispose();
            return refusal.Status;
        }
    }

    [Fact]
    public void AddressTable_ForgetsTheLeastRecentlySeen_AndNeverGrows()
    {
        var table = new AddressTable<object>(100, () => new object());
        var regular = table.Get(IPAddress.Parse("10.0.0.1"));
        for (var i = 0; i < 100_000; i++)
        {
            table.Get(new IPAddress(0x0B000000L + i));
            Assert.Same(regular, table.Get(IPAddress.Parse("::ffff:10.0.0.1")));
        }

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public async Task Expiry_EndsTheConnection_AndThePicturesWithIt()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var decision = SignalingDecision.Allow() with { ExpiresAt = time.GetUtcNow().AddMinutes(10) };
        await using var host = await LoopbackHost.StartAsync(timeProvider: time, services: services => services.AddSingleton(Deciding(decision)));
        await using var camera = host.Hub.CreateTransport();
        await camera.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        using var viewer = await RawViewer.JoinAsync(host);
        await time.WaitForTimerAsync();
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith("""{"type":"error","code":"P2P3111",""", await viewer.ReadAsync());
        Assert.Null(await viewer.ReadAsync());
        await foreach (var message in camera.ReadAllAsync())
        {
            if (message is ByeMessage bye)
            {
                Assert.NotNull(bye.Peer);
                return;
            }
        }
    }

    [Fact]
    public void WhatHoldsSecrets_PrintsNone()
    {
        var texts = new object[]
        {
            Viewer with { Token = "CANARY", RemoteAddress = IPAddress.Parse("203.0.113.77") },
            new IceServer(["turn:x"], "name", "CANARY"),
            TurnCredentials.Create("CANARY", DateTimeOffset.UnixEpoch, "id"),
        }.Select(value => value.ToString()!);
        Assert.All(texts, text => Assert.DoesNotContain("CANARY", text));
        Assert.All(texts, text => Assert.DoesNotContain("203.0.113.77", text));
    }

    public void Dispose() => _logs.Dispose();

    private static ISignalingAuthorizer Deciding(SignalingDecision decision)
    {
        var authorizer = new Mock<ISignalingAuthorizer>();
        authorizer.Setup(a => a.AuthorizeAsync(It.IsAny<SignalingRequest>(), It.IsAny<CancellationToken>())).ReturnsAsync(decision);
        return authorizer.Object;
    }

    private static ClaimsPrincipal UserIn(string role) => new(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)], "test"));

    private async Task<string?> RefusalAsync(SignalingRequest request) => await RefusalAsync(Create(), request);

    private static async Task<string?> RefusalAsync(Admission admission, SignalingRequest request)
    {
        using var admitted = await admission.AdmitAsync(request, CancellationToken.None);
        return admitted.Refusal?.Code;
    }

    private Admission Create() => Create(out _);

    private Admission Create(out IServiceProvider services)
    {
        services = _services.BuildServiceProvider();
        return new Admission(_options, services, services.GetRequiredService<IServiceScopeFactory>(), new Logger<Admission>(new LoggerFactory([_logs])));
    }
}
