using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.Interop.Tests.Support;

/// <summary>A host on loopback with one camera, as its user would set it up.</summary>
internal sealed class WhipHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WhipHost(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.First()));

    public Uri Address { get; }

    public IBroadcaster Broadcaster => _app.Services.GetRequiredService<IBroadcaster>();

    public InMemorySignaling Signaling => _app.Services.GetRequiredService<InMemorySignaling>();

    public static async Task<WhipHost> StartAsync(Action<IP2PBroadcasterBuilder> show)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        show(builder.Services.AddP2PBroadcaster("default", options => (options.MediaPort, options.IncludeLoopback) = (0, true)));
        var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        return new WhipHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
