using System.Net;

namespace P2PCam.AspNetCore.Tests.Viewing;

/// <summary>The .NET viewer at a real host: signaling by WebSocket, media by UDP, both on loopback.</summary>
public class ViewerOverWebSocketTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Viewer_SeesTheHostsCamera_LeavesAndComesBack()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var broadcaster = Broadcaster.Create(
            new TestPatternSource(320, 180), host.Hub.CreateTransport(), new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } });
        await broadcaster.StartAsync();
        var signaling = new WebSocketSignalingTransport(new UriBuilder(host.Address) { Scheme = "ws", Path = "/signal" }.Uri);
        await using var viewer = Viewer.Create(signaling, new ViewerOptions { MediaAddresses = { IPAddress.Loopback } });

        for (var round = 0; round < 2; round++)
        {
            await viewer.ConnectAsync().WaitAsync(Limit);
            using var limit = new CancellationTokenSource(Limit);
            var pictures = 0;
            await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
            {
                Assert.Equal((320, 180), (frame.Width, frame.Height));
                frame.Dispose();
                if (++pictures == 5)
                {
                    break;
                }
            }

            await viewer.DisconnectAsync().WaitAsync(Limit);
        }
    }
}
