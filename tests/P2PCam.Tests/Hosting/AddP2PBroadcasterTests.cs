using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace P2PCam.Tests.Hosting;

public class AddP2PBroadcasterTests
{
    [Fact]
    public async Task Host_StartsAndStopsTheBroadcaster()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: OnLoopback).UseTestPattern(64, 64).UseInMemorySignaling();
        using var host = builder.Build();

        await host.StartAsync();
        var broadcaster = host.Services.GetRequiredService<IBroadcaster>();
        Assert.Same(broadcaster, host.Services.GetRequiredKeyedService<IBroadcaster>("default"));
        Assert.NotEqual(BroadcasterState.Stopped, broadcaster.State);

        await host.StopAsync();
        Assert.Equal(BroadcasterState.Stopped, broadcaster.State);
    }

    [Fact]
    public async Task TwoBroadcasters_HaveTheirOwnStreamsAndOptions()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: OnLoopback).UseTestPattern(64, 64).UseInMemorySignaling();
        builder.Services.AddP2PBroadcaster("yard", OnLoopback).UseTestPattern(96, 64).UseInMemorySignaling();
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(("default", 64), Describe("default"));
        Assert.Equal(("yard", 96), Describe("yard"));
        await host.StopAsync();

        (string, int) Describe(string name)
        {
            var broadcaster = host.Services.GetRequiredKeyedService<IBroadcaster>(name);
            return (broadcaster.Stream, broadcaster.Source.Width);
        }
    }

    [Fact]
    public async Task UseEncodedVideoSource_ShowsThatSource()
    {
        var source = new Tests.Broadcasting.EncodedTestSource(VideoCodec.H264);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: OnLoopback).UseEncodedVideoSource(_ => source).UseInMemorySignaling();
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Same(source.Description, host.Services.GetRequiredService<IBroadcaster>().Source);
        await host.StopAsync();
    }

    [Fact]
    public void SameNameTwice_ThrowsWithThatName()
    {
        var services = new ServiceCollection();
        services.AddP2PBroadcaster("yard");

        var error = Assert.Throws<ArgumentException>(() => services.AddP2PBroadcaster("yard"));
        Assert.Contains("'yard'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionOutOfRange_EndsTheStartWithItsNameAndRange()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: o => o.Bitrate = 7).UseTestPattern(64, 64).UseInMemorySignaling();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Bitrate is 7 bit/s; it takes 50000 to 50000000 bit/s.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSignalingAtAll_EndsTheStartWithTheFixInTheText()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: OnLoopback).UseTestPattern(64, 64);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<P2PException>(() => host.StartAsync());
        Assert.Equal("P2P2104", error.Code);
        Assert.Contains("MapP2PCam", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CameraThatCannotStart_DoesNotEndTheHost_UnlessFailFast()
    {
        using var taken = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)taken.Client.LocalEndPoint!).Port;
        using var tolerant = Build(failFast: false);
        await tolerant.StartAsync();
        await tolerant.StopAsync();

        using var strict = Build(failFast: true);
        Assert.Equal("P2P2101", (await Assert.ThrowsAsync<P2PException>(() => strict.StartAsync())).Code);

        IHost Build(bool failFast)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Services.AddP2PBroadcaster(configure: o =>
            {
                OnLoopback(o);
                (o.MediaPort, o.FailFast) = (port, failFast);
            }).UseTestPattern(64, 64).UseInMemorySignaling();
            return builder.Build();
        }
    }

    private static void OnLoopback(BroadcasterOptions options)
    {
        options.MediaPort = 0;
        options.MediaAddresses.Add(System.Net.IPAddress.Loopback);
    }
}
