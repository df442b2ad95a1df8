using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.Routing;

/// <summary>A program that has routes of its own for what MapP2PCam maps as well.</summary>
public class OwnRoutesTests
{
    private const string Own = "the program's own";

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/healthz", "/healthz")]
    [InlineData("/trust", "/trust")]
    [InlineData("/s/{id}", "/s/default")]
    [InlineData("/s/{id}", "/s/garden/")]
    [InlineData("/camera", "/camera")]
    [InlineData("/camera/{which}/status", "/camera/x/status")]
    [InlineData("/favicon.ico", "/favicon.ico")]
    [InlineData("/P2PCAM.JS", "/p2pcam.js")]
    [InlineData("/{page=home}", "/")]
    [InlineData("/{page?}", "/")]
    [InlineData("/signal", "/signal")]
    public async Task OwnRoute_Wins_InEitherOrder_AndTheLogSaysSo(string pattern, string path)
    {
        foreach (var first in new[] { true, false })
        {
            await using var host = await StartAsync(app =>
            {
                if (first)
                {
                    app.MapGet(pattern, () => Own);
                }

                app.MapP2PCam();
                if (!first)
                {
                    app.MapGet(pattern, () => Own);
                }
            });
            Assert.Equal(Own, await host.Client.GetStringAsync(path));
            Assert.Contains("<video", await host.Client.GetStringAsync(pattern.StartsWith("/s/", StringComparison.Ordinal) ? "/" : "/s/default"));
            var (level, id) = path == "/" ? (LogLevel.Information, 3004) : (LogLevel.Warning, 3005);
            var line = Assert.Single(host.Logs.Lines, line => line.Id == id);
            Assert.Equal(level, line.Level);
            Assert.Contains("MapP2PCam(\"/cam\")", line.Text);
        }
    }

    [Fact]
    public async Task OwnRouteInAGroup_Wins()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapGroup("/house").MapP2PCam();
            app.MapGet("/house", () => Own);
        });
        Assert.Equal(Own, await host.Client.GetStringAsync("/house"));
        Assert.Contains("<video", await host.Client.GetStringAsync("/house/s/default"));
    }

    [Fact]
    public async Task OwnStartPageOfMvc_Wins()
    {
        await using var host = await StartAsync(
            app =>
            {
                app.MapP2PCam();
                app.MapControllerRoute("default", "{controller=OwnStart}/{action=Index}/{id?}");
            },
            services => services.AddControllers().AddApplicationPart(typeof(OwnRoutesTests).Assembly));
        Assert.Equal(Own, await host.Client.GetStringAsync("/"));
        Assert.Contains("<video", await host.Client.GetStringAsync("/s/default"));
    }

    [Fact]
    public async Task OwnHubAndOwnHealthChecks_Win()
    {
        await using var host = await StartAsync(
            app =>
            {
                app.MapP2PCam();
                app.MapHub<OwnHub>("/hub");
                app.MapHealthChecks("/healthz");
            },
            services =>
            {
                services.AddSignalR();
                services.AddHealthChecks();
            });
        Assert.Equal("Healthy", await host.Client.GetStringAsync("/healthz")); // ours ends its line
        using var negotiated = await host.Client.PostAsync("/hub/negotiate?negotiateVersion=1", null);
        Assert.True(negotiated.IsSuccessStatusCode);
        Assert.Contains("LongPolling", await negotiated.Content.ReadAsStringAsync()); // ours takes WebSockets only
        var line = Assert.Single(host.Logs.Lines, line => line.Id == 3005);
        Assert.Contains("/healthz, /hub, /hub/negotiate", line.Text);
    }

    [Fact]
    public async Task ProgramBuiltTheOldWay_IsSeenToo()
    {
        await using var host = await StartAsync(app =>
        {
            app.UseRouting();
#pragma warning disable ASP0014 // what older programs do
            app.UseEndpoints(endpoints =>
            {
                endpoints.MapP2PCam();
                endpoints.MapGet("/", () => Own);
            });
#pragma warning restore ASP0014
        });
        Assert.Equal(Own, await host.Client.GetStringAsync("/"));
        Assert.Contains("<video", await host.Client.GetStringAsync("/s/default"));
    }

    [Fact]
    public async Task OwnRouteForAnotherHost_LeavesThisOneToUs()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapP2PCam();
            app.MapGet("/", () => Own).RequireHost("own.example");
        });
        // Their route is for another host only, so ours answers here.
        Assert.Contains("<video", await host.Client.GetStringAsync("/"));
    }

    [Theory]
    [InlineData("/{**rest}")]
    [InlineData("/{first}/{second}")]
    [InlineData("/{first}")]
    public async Task RouteThatIsLessExact_TakesNothing(string pattern)
    {
        await using var host = await StartAsync(app =>
        {
            app.MapP2PCam();
            app.MapGet(pattern, () => Own);
        });
        Assert.Contains("<video", await host.Client.GetStringAsync("/"));
        Assert.Contains("<video", await host.Client.GetStringAsync("/s/default"));
        Assert.Contains("RTCPeerConnection", await host.Client.GetStringAsync("/p2pcam.js"));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Id is 3004 or 3005);
    }

    [Fact]
    public async Task Fallback_ComesLast()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapP2PCam();
            app.MapFallback(() => Own);
        });
        Assert.Contains("<video", await host.Client.GetStringAsync("/"));
        Assert.Equal(Own, await host.Client.GetStringAsync("/elsewhere"));
    }

    [Fact]
    public async Task OtherMethodAtTheSameAddress_IsNoCollision()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapP2PCam();
            app.MapPost("/", () => Own);
        });
        Assert.Contains("<video", await host.Client.GetStringAsync("/"));
        using var post = await host.Client.PostAsync("/", null);
        Assert.Equal(Own, await post.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartPageAmongStaticFiles_IsServed(bool asFallback)
    {
        using var root = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(root.Path, "index.html"), Own);
        await using var host = await StartAsync(
            app =>
            {
                app.UseDefaultFiles();
                app.UseStaticFiles();
                app.MapP2PCam();
                if (asFallback)
                {
                    app.MapFallbackToFile("index.html");
                }
            },
            webRoot: root.Path);
        Assert.Equal(Own, await host.Client.GetStringAsync("/"));
        Assert.Contains("<video", await host.Client.GetStringAsync("/s/default"));
        Assert.Contains("index.html", Assert.Single(host.Logs.Lines, line => line.Id == 3007).Text);
    }

    [Fact]
    public async Task TwoPaths_BothServe()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapP2PCam();
            app.MapP2PCam("/cam", o => o.ViewerPin = "471108");
            app.MapGroup("/inner").MapP2PCam();
        });
        foreach (var path in new[] { "/", "/cam/", "/inner/s/default" })
        {
            Assert.Contains("<video", await host.Client.GetStringAsync(path));
        }

        Assert.DoesNotContain(host.Logs.Lines, line => line.Id is 3004 or 3005);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/cam", "cam/")]
    public async Task TwiceForOnePath_ThrowsWithTheReason(string one, string other)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(app =>
        {
            app.MapP2PCam(one);
            app.MapP2PCam(other);
        }));
        Assert.Contains($"twice for '/{one.Trim('/')}'", error.Message);
    }

    [Fact]
    public async Task TwiceThroughGroups_TheFirstAnswers()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapGroup("").MapP2PCam();
            app.MapGroup("").MapP2PCam();
        });
        Assert.Contains("<video", await host.Client.GetStringAsync("/"));
        Assert.Contains("RTCPeerConnection", await host.Client.GetStringAsync("/p2pcam.js"));
    }

    private static async Task<RoutedHost> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null, string? webRoot = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { WebRootPath = webRoot });
        var logs = new CollectedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<InMemorySignaling>();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        try
        {
            map(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new RoutedHost(app, logs, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
    }

    private sealed record RoutedHost(WebApplication App, CollectedLogs Logs, HttpClient Client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await App.DisposeAsync();
        }
    }
}

/// <summary>A hub of the program's own.</summary>
public class OwnHub : Microsoft.AspNetCore.SignalR.Hub;

/// <summary>A start page by MVC's convention.</summary>
[ApiExplorerSettings(IgnoreApi = true)]
public class OwnStartController : ControllerBase
{
    public string Index() => "the program's own";
}
