using System.Net;
using System.Net.Sockets;

namespace P2PCam.Tests.Broadcasting;

/// <summary>Alone: the heap that is measured is that of the whole process, and other tests fill it.</summary>
[CollectionDefinition("heap", DisableParallelization = true)]
public sealed class HeapGroup;

[Collection("heap")]
public class HostileDatagramTests
{
    private readonly InMemorySignaling _signaling = new();

    [Fact]
    public async Task TenThousandRandomDatagrams_LoseNoSessionAndNoMemory()
    {
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 300_000 };
        await using var broadcaster = Broadcaster.Create(new TestPatternSource(320, 180), _signaling.CreateTransport(), options);
        await broadcaster.StartAsync();
        await using var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();
        await viewer.NextFrameAsync();
        var port = int.Parse(viewer.RemoteMediaPort(), System.Globalization.CultureInfo.InvariantCulture);
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var random = new Random(5);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 10_000; i++)
        {
            var datagram = new byte[random.Next(1, 1400)];
            random.NextBytes(datagram);
            // Every protocol on the port gets its share of first bytes.
            datagram[0] = (i % 4) switch { 0 => (byte)random.Next(4), 1 => (byte)random.Next(20, 64), 2 => (byte)random.Next(128, 192), _ => datagram[0] };
            await stranger.SendAsync(datagram, new IPEndPoint(IPAddress.Loopback, port));
        }

        for (var i = 0; i < 30; i++)
        {
            await viewer.NextFrameAsync();
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(ViewerConnectionState.Connected, Assert.Single(broadcaster.Viewers).State);
        Assert.InRange(growth, long.MinValue, 16 * 1024 * 1024);
        Assert.Equal(0, stranger.Available);
    }

    [Fact]
    public async Task OfferAsLargeAsAMessageMayBe_IsRefusedInWords()
    {
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } };
        await using var broadcaster = Broadcaster.Create(new TestPatternSource(64, 64), _signaling.CreateTransport(), options);
        await broadcaster.StartAsync();
        var transport = _signaling.CreateTransport();
        await using var viewer = await TestViewer.JoinAsync(transport);

        await transport.SendAsync(new OfferMessage("v=0\r\n" + new string('a', SignalingLimits.MaxMessageBytes - 100)));

        Assert.Equal("P2P2111", (await viewer.NextAsync<ErrorMessage>()).Code);
        Assert.Empty(broadcaster.Viewers);
    }
}
