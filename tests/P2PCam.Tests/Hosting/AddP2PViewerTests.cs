using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;

namespace P2PCam.Tests.Hosting;

public class AddP2PViewerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task BroadcasterAndViewerInOneHost_FindEachOtherWithoutFurtherCalls()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PBroadcaster(configure: o =>
        {
            o.MediaPort = 0;
            o.MediaAddresses.Add(IPAddress.Loopback);
        }).UseTestPattern(64, 64).UseInMemorySignaling();
        builder.Services.AddP2PViewer(configure: o => o.MediaAddresses.Add(IPAddress.Loopback));
        using var host = builder.Build();
        await host.StartAsync();
        var viewer = host.Services.GetRequiredService<IViewer>();
        Assert.Same(viewer, host.Services.GetRequiredKeyedService<IViewer>("default"));
        Assert.Equal(ViewerState.Disconnected, viewer.State);

        await viewer.ConnectAsync().WaitAsync(Limit);

        Assert.Equal(ViewerState.Live, viewer.State);
        await host.StopAsync();
    }

    [Fact]
    public async Task TwoViewers_HaveTheirOwnStreamsOptionsAndTransports()
    {
        var services = new ServiceCollection();
        var own = Mock.Of<ISignalingTransport>();
        services.AddP2PViewer("yard", o => o.OutputFormat = PixelFormat.Bgra32).UseSignaling(_ => own);
        services.AddP2PViewer("door", o => o.Stream = "house").UseWebSocketSignaling(new Uri("wss://camera.example.org/signal"));
        await using var provider = services.BuildServiceProvider();

        Assert.Equal("yard", provider.GetRequiredKeyedService<IViewer>("yard").Stream);
        Assert.Equal("house", provider.GetRequiredKeyedService<IViewer>("door").Stream);
        Assert.Null(provider.GetService<IViewer>());
        Assert.Equal(PixelFormat.Bgra32, provider.GetRequiredService<IOptionsMonitor<ViewerOptions>>().Get("yard").OutputFormat);
    }

    [Fact]
    public async Task ViewerOfTheUsersOwn_IsNotReplaced()
    {
        var services = new ServiceCollection();
        var own = Mock.Of<IViewer>(viewer => viewer.State == ViewerState.Live);
        services.AddSingleton(own);
        services.AddP2PViewer();
        await using var provider = services.BuildServiceProvider();

        Assert.Same(own, provider.GetRequiredService<IViewer>());
    }

    [Fact]
    public void NameThatIsTakenOrImpossible_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddP2PViewer();

        Assert.Contains("'default'", Assert.Throws<ArgumentException>(() => services.AddP2PViewer()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => services.AddP2PViewer("a b"));
    }

    [Fact]
    public async Task OptionOutOfRange_EndsTheStartWithItsNameAndRange()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddP2PViewer(configure: o => o.MaxQueuedFrames = 0);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("MaxQueuedFrames is 0; it takes 1 to 1000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new VideoCodec[0], "Codecs is []; it takes Vp8, H264 or both")]
    [InlineData(new[] { VideoCodec.Vp8, VideoCodec.Av1 }, "Codecs is [Vp8, Av1]; it takes Vp8, H264 or both")]
    public void CodecThatCannotBeReceived_IsRefusedInWords(VideoCodec[] codecs, string expected)
    {
        var signaling = new InMemorySignaling();
        var error = Assert.Throws<ArgumentException>(() => Viewer.Create(signaling.CreateTransport(), new ViewerOptions { Codecs = codecs }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
