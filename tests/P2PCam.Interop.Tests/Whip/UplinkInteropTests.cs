using P2PCam.Interop.Tests.Support;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests.Whip;

/// <summary>Our WHIP client publishes to a server that is made of somebody else's WebRTC.</summary>
public class UplinkInteropTests(ITestOutputHelper output)
{
    [WeriftFact]
    public async Task WeriftServer_IsPublishedTo_ThroughItsRedirectAndWithItsToken()
    {
        await using var server = HttpPeer.Start(HttpPeer.Werift, "serve", "secret");
        try
        {
            var port = (await server.WaitForLineAsync(line => line.StartsWith("listening", StringComparison.Ordinal))).Split(' ')[1];
            await using var camera = Broadcaster.Create(
                new TestPatternSource(640, 360), new InMemorySignaling().CreateTransport(), new BroadcasterOptions { MediaPort = 0, IncludeLoopback = true });
            await camera.StartAsync();
            await using var uplink = new WhipUplink(
                camera, new Uri($"http://127.0.0.1:{port}/whip"), new WhipUplinkOptions { AccessTokenProvider = _ => ValueTask.FromResult<string?>("secret") });
            uplink.Start();

            // Key frames that it asked for: so feedback comes back as well.
            Assert.Equal("frame 3 640 360", await server.WaitForFramesAsync(3));
            Assert.Equal(WhipUplinkState.Publishing, uplink.State);
            Assert.True(Assert.Single(camera.Viewers).KeyFrameRequests > 0);
            await uplink.StopAsync();
            await server.WaitForLineAsync(line => line == "request DELETE /sessions/1");
            Assert.DoesNotContain(camera.Viewers, viewer => viewer.State == ViewerConnectionState.Connected);
        }
        finally
        {
            output.WriteLine(server.Output);
        }
    }
}
