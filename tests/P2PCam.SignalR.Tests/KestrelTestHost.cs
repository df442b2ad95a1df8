using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore;
using P2PCam.SignalingConformance;

namespace P2PCam.SignalR.Tests;

/// <summary>Real Kestrels on loopback, several when they share rooms; each transport goes through a cutter of its own, to one instance after the other.</summary>
internal class KestrelTestHost : ISignalingTestHost
{
    private readonly Dictionary<ISignalingTransport, TcpCutter> _cutters = [];
    private readonly List<WebApplication> _apps = [];
    private readonly bool _byHub;
    private int _next;

    protected KestrelTestHost(bool byHub) => _byHub = byHub;

    public IReadOnlyList<Uri> Addresses => [.. _apps.Select(app => new Uri(app.Urls.First()))];

    public static async Task<KestrelTestHost> StartAsync(bool byHub, SignalingTestSettings settings)
    {
        var host = new KestrelTestHost(byHub);
        await host.AddInstanceAsync(settings, _ => { });
        return host;
    }

    public ISignalingTransport CreateTransport() => CreateTransport(_byHub);

    public ISignalingTransport CreateTransport(bool byHub)
    {
        lock (_cutters)
        {
            var cutter = new TcpCutter(Next());
            ISignalingTransport transport = byHub
                ? new SignalRSignalingTransport(new Uri($"http://{cutter.Address}/hub"))
                : new WebSocketSignalingTransport(new Uri($"ws://{cutter.Address}/signal"));
            _cutters.Add(transport, cutter);
            return transport;
        }
    }

    public Task CutConnectionAsync(ISignalingTransport transport)
    {
        CutterOf(transport).Cut();
        return Task.CompletedTask;
    }

    public Task MendConnectionAsync(ISignalingTransport transport)
    {
        CutterOf(transport).Mend();
        return Task.CompletedTask;
    }

    public Task<ISignalingLink> OpenLinkAsync()
    {
        IPEndPoint address;
        lock (_cutters)
        {
            address = Next();
        }

        return _byHub
            ? new SignalRSignalingTransport(new Uri($"http://{address}/hub")).DialAsync(CancellationToken.None)
            : new WebSocketSignalingTransport(new Uri($"ws://{address}/signal")).DialAsync(CancellationToken.None);
    }

    public Task StopAsync() => Task.WhenAll(_apps.Select(app => app.StopAsync()));

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        foreach (var cutter in _cutters.Values)
        {
            await cutter.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected async Task AddInstanceAsync(SignalingTestSettings settings, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(new InMemorySignaling { ResumeTime = settings.ResumeTime });
        builder.Services.AddSingleton<ISignalingAuthorizer>(new Authorizer(settings));
        configure(builder.Services);
        var app = builder.Build();
        app.MapP2PCam(configure: Configure);
        await app.StartAsync();
        _apps.Add(app);
    }

    private static void Configure(P2PCamEndpointOptions options) =>
        (options.AllowBroadcasters, options.MaxMessagesPerSecond, options.MaxJoinsPerMinute) = (true, 10_000, 100_000);

    private sealed class Authorizer(SignalingTestSettings settings) : ISignalingAuthorizer
    {
        public ValueTask<SignalingDecision> AuthorizeAsync(SignalingRequest request, CancellationToken cancellationToken = default) => ValueTask.FromResult(
            settings.Refuse(new HelloMessage(request.Stream, request.Role, Token: request.Token)) is { } code ? SignalingDecision.Refuse("refused", code) : SignalingDecision.Allow());
    }

    private IPEndPoint Next()
    {
        var address = Addresses[_next++ % _apps.Count];
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    }

    private TcpCutter CutterOf(ISignalingTransport transport)
    {
        lock (_cutters)
        {
            return _cutters[transport];
        }
    }
}
