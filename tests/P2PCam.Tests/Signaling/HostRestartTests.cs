using System.Net;
using P2PCam.SignalingConformance;
using P2PCam.Tests.Broadcasting;
using P2PCam.Tests.Signaling.OwnTransport;

namespace P2PCam.Tests.Signaling;

public class HostRestartTests
{
    [Fact]
    public async Task HostThatLostItsState_MediaGoesOn_AndNewViewersCanJoin()
    {
        var first = new TcpSignalingHost(new InMemorySignaling());
        await using var second = new TcpSignalingHost(new InMemorySignaling());
        var where = first.Address;
        await using var relay = new TcpCutter(() => where);
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } };
        await using var broadcaster = Broadcaster.Create(new TestPatternSource(320, 180), new TcpSignalingTransport(relay.Address), options);
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(new TcpSignalingTransport(relay.Address));
        await viewer.WatchAsync();
        await viewer.NextFrameAsync();
        var id = broadcaster.Viewers[0].Id;

        relay.Cut();
        where = second.Address;
        relay.Mend();
        await first.DisposeAsync();

        await using var late = await TestViewer.JoinAsync(new TcpSignalingTransport(relay.Address));
        while ((await late.NextAsync<CameraStateMessage>()).State != CameraState.Live)
        {
        }

        await late.WatchAsync();
        await late.NextFrameAsync();
        for (var i = 0; i < 10; i++)
        {
            await viewer.NextFrameAsync();
        }

        Assert.Equal(2, broadcaster.Viewers.Count);
        Assert.Contains(broadcaster.Viewers, info => info.Id == id && info.State == ViewerConnectionState.Connected);
    }
}
