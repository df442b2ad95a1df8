using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Pages;

/// <summary>What the viewer page is told of a name, so that it need not call offline what never was.</summary>
public class UnknownNameTests
{
    [Theory]
    [InlineData("/", "false", "door yard")]
    [InlineData("/s/garden", "false", "door yard")]
    [InlineData("/s/door", "true", "")]
    [InlineData("/s/Door", "false", "door yard")] // names are exact
    [InlineData("/s/front", "false", "door yard")] // the broadcaster's name, not its stream's
    public async Task RegisteredStreams_AreKnown_OnAirOrNot(string path, string known, string others)
    {
        await using var host = await LoopbackHost.StartAsync(services: AddCameras);
        var html = await host.Client.GetStringAsync(path);
        Assert.Contains($"data-known=\"{known}\" data-others=\"{others}\"", html);
    }

    [Fact]
    public async Task StreamThatSomebodyBrought_IsKnown_WhileItIsThere()
    {
        await using var host = await LoopbackHost.StartAsync();
        Assert.Contains("data-known=\"false\"", await host.Client.GetStringAsync("/"));
        await using var camera = Broadcaster.Create(new TestPatternSource(320, 180), host.Hub.CreateTransport(), new BroadcasterOptions { MediaPort = 0, IncludeLoopback = true });
        await camera.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await host.Client.GetStringAsync("/", limit.Token)).Contains("data-known=\"true\"", StringComparison.Ordinal))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task WhereCamerasComeAndGo_NoNameIsSaidToBeWrong()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.AllowBroadcasters = true);
        Assert.Contains("data-known=\"maybe\"", await host.Client.GetStringAsync("/s/workshop"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NamesOfOthers_AreNotToldWhereNotEverybodyMayWatch(bool byPin)
    {
        await using var host = await LoopbackHost.StartAsync(
            options => options.ViewerPin = byPin ? "471108" : null,
            services: services =>
            {
                AddCameras(services);
                if (!byPin)
                {
                    services.AddP2PCamTokens();
                }
            });
        Assert.DoesNotContain("yard", await host.Client.GetStringAsync("/"));
    }

    private static void AddCameras(IServiceCollection services)
    {
        services.AddP2PBroadcaster("front", o => (o.MediaPort, o.Stream) = (0, "door")).UseTestPattern();
        services.AddP2PBroadcaster("yard", o => o.MediaPort = 0).UseTestPattern();
    }
}
