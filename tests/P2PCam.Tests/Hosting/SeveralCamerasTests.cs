using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using P2PCam.Broadcasting;
using P2PCam.Tests.Broadcasting;

namespace P2PCam.Tests.Hosting;

/// <summary>The second camera of a program never started: its port was the first one's.</summary>
public sealed class SeveralCamerasTests
{
    [Fact]
    public async Task ThreeInOneHost_AllStartAndAreWatched_WithoutAWordAboutPorts()
    {
        using var host = Build(("front", null), ("yard", null), ("attic", null));
        await host.StartAsync();
        var ports = new HashSet<ushort>();
        foreach (var name in new[] { "front", "yard", "attic" })
        {
            ports.Add(((CameraBroadcaster)host.Services.GetRequiredKeyedService<IBroadcaster>(name)).MediaAddresses[0].Port);
            await using var viewer = await TestViewer.JoinAsync(host.Services.GetRequiredService<InMemorySignaling>().CreateTransport(), name);
            await viewer.WatchAsync();
            await viewer.NextFrameAsync();
        }

        Assert.Equal(3, ports.Count);
        await host.StopAsync();
    }

    [Fact]
    public async Task PortThatWasSetForBoth_IsAnErrorThatNamesTheOther()
    {
        int port;
        using (var probe = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
        }

        using var host = Build(("front", port), ("yard", port));
        var error = await Assert.ThrowsAsync<P2PException>(() => host.StartAsync());
        Assert.Equal("P2P2105", error.Code);
        Assert.Contains("'front'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'yard'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CameraThatIsStoppedAndStarted_FindsAPortAgain()
    {
        using var host = Build(("front", null), ("yard", null));
        await host.StartAsync();
        var front = host.Services.GetRequiredKeyedService<IBroadcaster>("front");
        for (var round = 0; round < 3; round++)
        {
            await front.StopAsync();
            await front.StartAsync();
            Assert.NotEmpty(((CameraBroadcaster)front).MediaAddresses);
        }

        await host.StopAsync();
    }

    [Fact]
    public void DefaultPort_IsOnlyTheDefault()
    {
        var options = new BroadcasterOptions();
        Assert.Equal((3000, false), (options.MediaPort, options.IsMediaPortSet));
        options.DefaultMediaPort = 3001;
        Assert.Equal((3001, false), (options.MediaPort, options.IsMediaPortSet));
        options.MediaPort = 3000;
        options.DefaultMediaPort = 3002;
        Assert.Equal((3000, true), (options.MediaPort, options.IsMediaPortSet));
    }

    private static IHost Build(params (string Name, int? Port)[] cameras)
    {
        var builder = Host.CreateApplicationBuilder();
        foreach (var (name, port) in cameras)
        {
            builder.Services.AddP2PBroadcaster(name, o =>
            {
                o.FailFast = true;
                o.MediaAddresses.Add(IPAddress.Loopback);
                if (port is { } set)
                {
                    o.MediaPort = set;
                }
            }).UseTestPattern(320, 180).UseInMemorySignaling();
        }

        return builder.Build();
    }
}
