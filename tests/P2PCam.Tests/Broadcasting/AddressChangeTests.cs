using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;
using P2PCam.Tests.Networking;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Broadcasting;

/// <summary>A broadcaster on a machine whose addresses change, watched over real sockets.</summary>
public sealed class AddressChangeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly InMemorySignaling _signaling = new();
    private readonly FakeNetwork _network = new("127.0.0.21");

    [Fact]
    public async Task NewViewer_IsAnsweredWithTheAddressOfNow()
    {
        await using var broadcaster = Create();
        await broadcaster.StartAsync();
        _network.Become("127.0.0.22");
        await UntilReachableAtAsync(broadcaster, "127.0.0.22");
        await using var viewer = await WatchAsync();
        Assert.Contains("127.0.0.22", viewer.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.21", viewer.Answer, StringComparison.Ordinal);
        await viewer.NextFrameAsync();
    }

    [Fact]
    public async Task StartBeforeThereIsANetwork_RefusesViewersInWords_AndServesThemWhenThereIs()
    {
        _network.Become();
        await using var broadcaster = Create();
        await broadcaster.StartAsync();
        await using (var early = await TestViewer.JoinAsync(_signaling.CreateTransport()))
        {
            Assert.Equal("P2P2103", (await early.OfferAndBeRefusedAsync()).Code);
        }

        _network.Become("127.0.0.21");
        await UntilReachableAtAsync(broadcaster, "127.0.0.21");
        await using var viewer = await WatchAsync();
        await viewer.NextFrameAsync();
    }

    [Fact]
    public async Task RunningViewer_GoesOnByTheNewAddress_WithoutAnotherOffer()
    {
        await using var broadcaster = Create();
        await broadcaster.StartAsync();
        await using var viewer = await WatchAsync();
        await viewer.NextFrameAsync();
        _network.Become("127.0.0.22");

        // What was sent before the old address went is still read; what comes after the news of the change came by the new one.
        await viewer.NextEventAsync(PeerSessionEventKind.Disconnected);
        await viewer.NextEventAsync(PeerSessionEventKind.Reconnected);
        viewer.ForgetFrames();
        await viewer.NextFrameAsync();
        Assert.Single(broadcaster.Viewers);
    }

    private async Task<TestViewer> WatchAsync()
    {
        var viewer = await TestViewer.JoinAsync(_signaling.CreateTransport());
        await viewer.WatchAsync();
        return viewer;
    }

    private static async Task UntilReachableAtAsync(CameraBroadcaster broadcaster, string address)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!broadcaster.MediaAddresses.Any(local => local.ToIPEndPoint().Address.ToString() == address))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private CameraBroadcaster Create() => new(
        BroadcastSource.Of(new TestPatternSource(320, 180)),
        [_signaling.CreateTransport()],
        new BroadcasterOptions { MediaPort = 0 },
        TimeProvider.System,
        NullLoggerFactory.Instance,
        BroadcastInstruments.For(null))
    {
        Network = _network,
    };
}
