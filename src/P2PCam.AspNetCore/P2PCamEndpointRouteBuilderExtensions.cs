using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using P2PCam;
using P2PCam.AspNetCore;
using P2PCam.AspNetCore.Network;
using P2PCam.AspNetCore.Pages;
using P2PCam.AspNetCore.Routing;
using P2PCam.AspNetCore.Security;
using P2PCam.AspNetCore.Signaling;
using P2PCam.AspNetCore.Whip;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves P2PCam streams from an ASP.NET Core program.</summary>
public static class P2PCamEndpointRouteBuilderExtensions
{
    private static readonly string[] StartFiles = ["index.html", "index.htm", "default.html", "default.htm"];
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps the viewer page (<c>/</c> for the stream <c>default</c>, <c>/s/NAME</c> for the others), the page that makes a browser the camera
    /// (<c>/camera</c>, <c>/camera/NAME</c>), their scripts and styles, signaling by WebSocket (<c>/signal</c>) and SignalR (<c>/hub</c>; see
    /// docs/protocols/signaling.md), watching and publishing by HTTP (<c>/whep</c>, <c>/whip</c>; see docs/protocols/whip-whep.md), <c>/trust</c> and
    /// <c>/healthz</c>.
    /// </summary>
    /// <param name="endpoints">The program's routes.</param>
    /// <param name="pattern">Path in front of all of them, for example <c>/camera</c>; empty for the root.</param>
    /// <param name="configure">Changes what the options say so far; see <see cref="P2PCamEndpointOptions"/>.</param>
    /// <returns>One builder for all endpoints, so that <c>RequireAuthorization</c> and the like cover every one.</returns>
    /// <exception cref="InvalidOperationException">It was called for this path before, no broadcaster and no <see cref="InMemorySignaling"/> is registered, or a policy is named without <c>AddAuthorization</c>.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IEndpointConventionBuilder MapP2PCam(this IEndpointRouteBuilder endpoints, string pattern = "", Action<P2PCamEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;

        // A new one for each call: what one of two calls changes is not the other's.
        var options = services.GetService<IOptionsFactory<P2PCamEndpointOptions>>()?.Create(Options.DefaultName) ?? new P2PCamEndpointOptions();
        configure?.Invoke(options);
        options.Validate();

        var hub = services.GetService<InMemorySignaling>() ?? throw new InvalidOperationException(
            "MapP2PCam has nothing to serve: call builder.Services.AddP2PBroadcaster() before building, or register an InMemorySignaling.");
        if ((options.ViewPolicy ?? options.BroadcastPolicy) is { } policy && services.GetService<IAuthorizationService>() is null)
        {
            throw new InvalidOperationException($"The policy '{policy}' cannot be asked: call builder.Services.AddAuthorization(...) before building.");
        }

        var routes = new P2PCamRoutes(endpoints, pattern) { OwnStartFile = OwnStartFileOf(endpoints, pattern) };
        hub.IsServed = true;

        var identity = services.GetService<LocalIdentitySource>() ?? new LocalIdentitySource(services.GetService<TimeProvider>() ?? TimeProvider.System);
        var gate = new HostGate(identity, options.AllowedHosts, services.GetService<LanHttpsInfo>() is { } lan ? () => lan.ExtraNames : null);
        var group = endpoints.MapGroup(pattern);
        routes.Watch(group);
        var crossOrigin = new CrossOrigin(new OriginGate(options.AllowedOrigins));
        MapPages(group, gate, crossOrigin, new ViewerPage(options, new StreamNames(services, hub, IsOpenToAll(options, services))), routes.OwnStartFile is null);
        MapTrust(group, gate);
        group.MapMethods("/healthz", Reading, gate.Guard(HealthEndpoint.WriteAsync)).WithDisplayName("P2PCam health");
        var admission = ActivatorUtilities.CreateInstance<Admission>(services, options);
        var gateway = ActivatorUtilities.CreateInstance<SignalingGateway>(services, RoomsOf(services, hub), options, admission, crossOrigin);
        MapSignaling(endpoints, group, gate, gateway, options);
        SignalingHubEndpoint.Map(group, gate, gateway, options);
        WhipEndpoints.Map(group, gate, gateway, admission, options, crossOrigin);
        return group;
    }

    /// <summary>The rooms of this process, or, with a directory, those of all instances.</summary>
    private static ISignalingRooms RoomsOf(IServiceProvider services, InMemorySignaling hub)
    {
        if (services.GetService<ISignalingRoomDirectory>() is not { } directory)
        {
            return hub;
        }

        var manager = services.GetService<HubLifetimeManager<SignalingHub>>() ?? throw new InvalidOperationException(
            "Several instances need a backplane: call builder.Services.AddP2PCamSignalR().AddStackExchangeRedis(...) or remove the ISignalingRoomDirectory.");
        var cluster = ActivatorUtilities.CreateInstance<ClusterRooms>(services, hub, directory, ActivatorUtilities.CreateInstance<Backplane>(services, manager));
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => cluster.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(1)));
        return cluster;
    }

    private static void MapPages(RouteGroupBuilder group, HostGate gate, CrossOrigin crossOrigin, ViewerPage page, bool atRoot)
    {
        if (atRoot)
        {
            group.MapMethods("/", Reading, gate.Guard(context => page.WriteAsync(context, "default", ""))).WithDisplayName("P2PCam viewer page");
        }

        group.MapMethods("/s/{stream}", Reading, gate.Guard(page.WriteStreamAsync)).WithDisplayName("P2PCam viewer page");
        group.MapMethods("/camera", Reading, gate.Guard(context => CameraPage.WriteAsync(context, "default", "camera"))).WithDisplayName("P2PCam camera page");
        group.MapMethods("/camera/{stream}", Reading, gate.Guard(CameraPage.WriteStreamAsync)).WithDisplayName("P2PCam camera page");
        foreach (var asset in PageAsset.All)
        {
            group.MapMethods("/" + asset.Name, Reading, gate.Guard(context => asset.WriteAsync(context, crossOrigin))).WithDisplayName($"P2PCam {asset.Name}");
        }
    }

    /// <summary>A start page among the program's static files: static files come behind routes, so a route for <c>/</c> would hide it.</summary>
    private static string? OwnStartFileOf(IEndpointRouteBuilder endpoints, string pattern) =>
        pattern.Trim('/').Length == 0 && endpoints is not RouteGroupBuilder && endpoints.ServiceProvider.GetService<IWebHostEnvironment>()?.WebRootFileProvider is { } files
            ? Array.Find(StartFiles, name => files.GetFileInfo(name).Exists)
            : null;

    private static bool IsOpenToAll(P2PCamEndpointOptions options, IServiceProvider services) =>
        options.ViewerPin is null && options.ViewPolicy is null
        && services.GetService<IServiceProviderIsService>()?.IsService(typeof(ISignalingAuthorizer)) != true
        && (services.GetService<P2PCamTokens>() is null || services.GetService<IOptions<P2PCamTokenOptions>>()?.Value.RequireForViewers != true);

    private static void MapTrust(RouteGroupBuilder group, HostGate gate)
    {
        group.MapMethods("/trust", Reading, gate.Guard(TrustPage.WriteAsync)).WithDisplayName("P2PCam trust page");
        group.MapMethods("/trust/p2pcam-ca.crt", Reading, gate.Guard(TrustPage.WriteCertificateAsync)).WithDisplayName("P2PCam CA certificate");
        group.MapMethods("/trust/p2pcam-ca.mobileconfig", Reading, gate.Guard(TrustPage.WriteProfileAsync)).WithDisplayName("P2PCam CA profile");
    }

    private static void MapSignaling(
        IEndpointRouteBuilder endpoints, RouteGroupBuilder group, HostGate gate, SignalingGateway gateway, P2PCamEndpointOptions options)
    {
        // WebSockets need their middleware in front; a pipeline of our own spares users the call to UseWebSockets.
        var pipeline = endpoints.CreateApplicationBuilder()
            .UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.KeepAliveInterval, KeepAliveTimeout = options.KeepAliveTimeout });
        pipeline.Run(SignalingEndpoint.Create(gateway));
        group.Map("/signal", gate.Guard(pipeline.Build())).WithDisplayName("P2PCam signaling");
    }
}
