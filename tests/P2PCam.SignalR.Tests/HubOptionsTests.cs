using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using P2PCam.AspNetCore.Signaling;

namespace P2PCam.SignalR.Tests;

public sealed class HubOptionsTests
{
    [Theory]
    [InlineData(5, 100, 30, 5, 105, 30)]
    [InlineData(60, 20, 3, 15, 80, 3)] // the client gives up after 30 s without a ping
    [InlineData(1, 1, 10, 1, 30, 10)] // and pings every 15 s
    public async Task MapP2PCam_TimesOfTheHub_FollowTheEndpointsWhereClientsAllow(int interval, int timeout, int hello, int keepAlive, int silence, int handshake)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<InMemorySignaling>();
        builder.Services.AddP2PCamSignalR();
        await using var app = builder.Build();
        app.MapP2PCam(configure: options => (options.KeepAliveInterval, options.KeepAliveTimeout, options.HelloTimeout) =
            (TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), TimeSpan.FromSeconds(hello)));

        var hub = app.Services.GetRequiredService<IOptions<HubOptions<SignalingHub>>>().Value;
        Assert.Equal(
            (TimeSpan.FromSeconds(keepAlive), TimeSpan.FromSeconds(silence), TimeSpan.FromSeconds(handshake)),
            (hub.KeepAliveInterval, hub.ClientTimeoutInterval, hub.HandshakeTimeout));
    }
}
