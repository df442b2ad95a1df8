using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>A server that does what a test wants.</summary>
internal sealed class StubServer(WebApplication app, ConcurrentQueue<string> requests) : IAsyncDisposable
{
    public Uri Address { get; } = new(app.Urls.First());

    public IEnumerable<string> Requests => requests;

    public static async Task<StubServer> StartAsync(Func<HttpContext, ConcurrentQueue<string>, Task> handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var requests = new ConcurrentQueue<string>();
        app.Run(context => handle(context, requests));
        await app.StartAsync();
        return new StubServer(app, requests);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
