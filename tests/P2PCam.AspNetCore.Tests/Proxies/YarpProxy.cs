using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.Proxies;

/// <summary>YARP in this process, with the configuration that docs/reverse-proxy.md prints. Plain HTTP to the outside.</summary>
internal sealed class YarpProxy : IDocumentedProxy
{
    private readonly WebApplication _app;

    private YarpProxy(WebApplication app, int port) => (_app, Address, Client) = (app, new Uri($"http://example.org:{port}/"), DocumentedProxy.CreateClient());

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<YarpProxy> StartAsync(string json, Uri host)
    {
        Assert.Contains("127.0.0.1:5000", json);
        var here = json.Replace("127.0.0.1:5000", $"127.0.0.1:{host.Port}", StringComparison.Ordinal);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(here))).Build();
        builder.Services.AddReverseProxy().LoadFromConfig(configuration);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        return new YarpProxy(app, new Uri(app.Urls.First()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
