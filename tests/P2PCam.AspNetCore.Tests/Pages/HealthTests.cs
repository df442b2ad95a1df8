using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.Pages;

public class HealthTests
{
    [Fact]
    public async Task HealthzAndTheHealthCheck_SayTheSame_WhileTheCameraStartsShowsAndStops()
    {
        var source = new GatedSource();
        await using var app = await StartAsync(source);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var camera = app.Services.GetRequiredService<IBroadcaster>();
        Assert.Equal((HttpStatusCode.OK, "Degraded"), await AskAsync(client, app));

        var live = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        camera.StateChanged += (_, e) => live.TrySetResult();
        source.Open.SetResult();
        await live.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(client, app));

        await camera.StopAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(client, app));
    }

    private static async Task<(HttpStatusCode Status, string Word)> AskAsync(HttpClient client, WebApplication app)
    {
        using var response = await client.GetAsync(new Uri("/healthz", UriKind.Relative));
        var word = (await response.Content.ReadAsStringAsync()).Trim();
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(report.Status.ToString(), word);
        Assert.Equal("p2pcam", Assert.Single(report.Entries).Key);
        return (response.StatusCode, word);
    }

    private static async Task<WebApplication> StartAsync(IVideoSource source)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddHealthChecks().AddP2PCam();
        builder.Services.AddP2PBroadcaster(configure: options => (options.MediaPort, options.IncludeLoopback) = (0, true)).UseVideoSource(_ => source);
        var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        return app;
    }

    /// <summary>Yields no picture before the test says so.</summary>
    private sealed class GatedSource : IVideoSource
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public VideoSourceDescription Description { get; } = new("gated", "Gated", 64, 64, 30);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Open.Task.WaitAsync(cancellationToken);
            while (true)
            {
                yield return VideoFrame.Copy(new byte[64 * 64 * 3 / 2], 64, 64, PixelFormat.I420, TimeSpan.Zero);
                await Task.Delay(20, cancellationToken);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
