using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>Maps the signaling hub behind the same gates as the WebSocket.</summary>
internal static class SignalingHubEndpoint
{
    private const int Envelope = 256;
    private static readonly TimeSpan ClientPing = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder group, HostGate hosts, SignalingGateway gateway, P2PCamEndpointOptions options)
    {
        var services = group.ServiceProvider;
        services = services.GetService<HubLifetimeManager<SignalingHub>>() is null ? CreateServices(services) : services;
        SetTimes(services.GetRequiredService<IOptions<HubOptions<SignalingHub>>>().Value, options);
        var hub = new HubRoutes(group, services)
            .MapHub<SignalingHub>("/hub", Configure);
        group.MapMethods("/hub/negotiate", [HttpMethods.Options], hosts.Guard(context => gateway.CrossOrigin.AnswerOptions(context, "OPTIONS, POST", null, null)))
            .WithDisplayName("P2PCam signaling hub OPTIONS").WithMetadata(new AllowAnonymousAttribute());
        hub.WithMetadata(gateway).WithDisplayName("P2PCam signaling hub");
        hub.Add(endpoint => endpoint.RequestDelegate = hosts.Guard(gateway.Guard(endpoint.RequestDelegate!)));
    }

    /// <summary>What the hub needs of SignalR, whether the program uses SignalR for something else or not.</summary>
    public static ISignalRServerBuilder AddHub(IServiceCollection services) => services
        .AddSignalR()
        .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, HubJsonContext.Default))
        .AddHubOptions<SignalingHub>(options =>
        {
            options.MaximumReceiveMessageSize = SignalingLimits.MaxMessageBytes + Envelope;
            options.MaximumParallelInvocationsPerClient = 1; // the order of messages
        });

    // SignalR's clients ping every 15 s and give up after 30 s of silence, whatever the server would like: hence the bounds.
    private static void SetTimes(HubOptions hub, P2PCamEndpointOptions options)
    {
        var silence = options.KeepAliveInterval + options.KeepAliveTimeout;
        hub.HandshakeTimeout = options.HelloTimeout;
        hub.KeepAliveInterval = options.KeepAliveInterval < ClientPing ? options.KeepAliveInterval : ClientPing;
        hub.ClientTimeoutInterval = silence > 2 * ClientPing ? silence : 2 * ClientPing;
    }

    // Other transports than WebSockets would come and go with each request: nothing to hold a place by.
    private static void Configure(HttpConnectionDispatcherOptions options)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.ApplicationMaxBufferSize = SignalingLimits.MaxMessageBytes + Envelope;
        options.TransportMaxBufferSize = SignalingLimits.MaxMessageBytes;
    }

    /// <summary>SignalR of our own, for a program that did not add it: MapP2PCam shall need no other call.</summary>
    private static ServiceProvider CreateServices(IServiceProvider program)
    {
        var services = new ServiceCollection();
        services.AddSingleton(program.GetRequiredService<ILoggerFactory>());
        services.AddLogging();
        services.AddSingleton(program.GetRequiredService<IHostApplicationLifetime>());
        AddHub(services);
        var own = services.BuildServiceProvider();
        program.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(own.Dispose);
        return own;
    }

    private sealed class HubRoutes(IEndpointRouteBuilder inner, IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider { get; } = services;

        public ICollection<EndpointDataSource> DataSources => inner.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);
    }
}
