using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests;

/// <summary>A real Kestrel with P2PCam's endpoints on a free loopback port, over plain HTTP.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private LoopbackHost(WebApplication app, CollectedLogs logs)
    {
        (App, Logs) = (app, logs);
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public CollectedLogs Logs { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public InMemorySignaling Hub => App.Services.GetRequiredService<InMemorySignaling>();

    public static async Task<LoopbackHost> StartAsync(Action<P2PCamEndpointOptions>? configure = null, TimeProvider? timeProvider = null, string pattern = "", Action<IServiceCollection>? services = null, Action<WebApplicationBuilder>? prepare = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var logs = new CollectedLogs();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddSingleton<InMemorySignaling>();
        services?.Invoke(builder.Services);
        prepare?.Invoke(builder);
        if (timeProvider is not null)
        {
            builder.Services.AddSingleton(timeProvider);
        }

        var app = builder.Build();
        app.MapP2PCam(pattern, configure);
        await app.StartAsync();
        return new LoopbackHost(app, logs);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Opens the signaling WebSocket; <see cref="WebSocketException"/> with the status if it is refused.</summary>
    public async Task<ClientWebSocket> OpenAsync(params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "ws", Path = "/signal" }.Uri, CancellationToken.None);
            return socket;
        }
        catch (WebSocketException)
        {
            LastRefusal = socket.HttpStatusCode;
            socket.Dispose();
            throw;
        }
    }

    public HttpStatusCode LastRefusal { get; private set; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
