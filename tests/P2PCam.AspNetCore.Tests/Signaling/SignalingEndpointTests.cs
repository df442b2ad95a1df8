using System.Net;
using System.Net.WebSockets;

namespace P2PCam.AspNetCore.Tests.Signaling;

public class SignalingEndpointTests
{
    [Fact]
    public async Task Offer_ReachesTheBroadcaster_AndItsAnswerReachesThatViewerOnly()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var broadcaster = host.Hub.CreateTransport();
        await broadcaster.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        await using var messages = broadcaster.ReadAllAsync().GetAsyncEnumerator();
        await ExpectAsync<WelcomeMessage>(messages);

        using var bystander = await RawViewer.JoinAsync(host);
        var bystanderId = (await ExpectAsync<PeerJoinedMessage>(messages)).Peer!;
        using var viewer = await RawViewer.JoinAsync(host);
        var joined = await ExpectAsync<PeerJoinedMessage>(messages);
        Assert.Equal("websocket", joined.Transport);
        Assert.Equal(32, joined.Peer!.Length); // 128 bits
        Assert.NotEqual(bystanderId, joined.Peer);

        await viewer.SendAsync("""{"type":"offer","sdp":"v=0","somethingNew":1}""");
        var offer = await ExpectAsync<OfferMessage>(messages);
        Assert.Equal(("v=0", joined.Peer), (offer.Sdp, offer.Peer));

        await broadcaster.SendAsync(new AnswerMessage("v=1") { Peer = offer.Peer });
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Live));
        Assert.Equal("""{"type":"answer","sdp":"v=1"}""", await viewer.ReadAsync());
        Assert.Equal("""{"type":"camera","state":"Live"}""", await viewer.ReadAsync());
        Assert.Equal("""{"type":"camera","state":"Live"}""", await bystander.ReadAsync());
    }

    [Fact]
    public async Task ViewerWithoutBroadcaster_HearsOffline_ThenLiveWhenOneComes()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = await RawViewer.JoinAsync(host, "garden");
        Assert.Equal("""{"type":"camera","state":"Offline"}""", await viewer.ReadAsync());

        await using var broadcaster = host.Hub.CreateTransport();
        await broadcaster.ConnectAsync(new SignalingJoin("garden", SignalingRole.Broadcaster));
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Live));
        Assert.Equal("""{"type":"camera","state":"Live"}""", await viewer.ReadAsync());
    }

    [Fact]
    public async Task ViewerThatVanishes_LeavesItsRoom()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var broadcaster = host.Hub.CreateTransport();
        await broadcaster.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        await using var messages = broadcaster.ReadAllAsync().GetAsyncEnumerator();
        await ExpectAsync<WelcomeMessage>(messages);

        var viewer = await RawViewer.JoinAsync(host);
        var joined = await ExpectAsync<PeerJoinedMessage>(messages);
        viewer.Socket.Abort();
        Assert.Equal(joined.Peer, (await ExpectAsync<PeerLeftMessage>(messages)).Peer);
        viewer.Dispose();
    }

    [Fact]
    public async Task Bye_IsPassedOn_AndEndsTheConnection()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var broadcaster = host.Hub.CreateTransport();
        await broadcaster.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        await using var messages = broadcaster.ReadAllAsync().GetAsyncEnumerator();
        await ExpectAsync<WelcomeMessage>(messages);
        using var viewer = await RawViewer.JoinAsync(host);
        await ExpectAsync<PeerJoinedMessage>(messages);
        await viewer.SendAsync("""{"type":"bye","reason":"page closed"}""");
        Assert.Equal("page closed", (await ExpectAsync<ByeMessage>(messages)).Reason);
        await ExpectAsync<PeerLeftMessage>(messages);
        Assert.Null(await viewer.ReadAsync());
    }

    [Theory]
    [InlineData("""{"type":"hello","stream":"default","role":"Broadcaster","version":1}""", "P2P3009")]
    [InlineData("""{"type":"hello","stream":"default","role":"Caller","version":1}""", "P2P3009")]
    [InlineData("""{"type":"hello","stream":"default","role":"Viewer","version":99}""", "P2P3008")]
    [InlineData("""{"type":"hello","stream":"../etc","role":"Viewer","version":1}""", "P2P2004")]
    [InlineData("""{"type":"offer","sdp":"v=0"}""", "P2P3007")]
    public async Task WrongHello_GetsAnErrorAndThePolicyCloseCode(string hello, string code)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = new RawViewer(await host.OpenAsync());
        await viewer.SendAsync(hello);
        Assert.StartsWith($$"""{"type":"error","code":"{{code}}",""", await viewer.ReadAsync());
        Assert.Null(await viewer.ReadAsync());
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, code), (viewer.Socket.CloseStatus, viewer.Socket.CloseStatusDescription));
    }

    [Fact]
    public async Task AllowBroadcasters_LetsOneInAndRefusesTheSecond()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.AllowBroadcasters = true);
        const string Hello = """{"type":"hello","stream":"default","role":"Broadcaster","version":1}""";
        using var first = new RawViewer(await host.OpenAsync());
        await first.SendAsync(Hello);
        Assert.StartsWith("""{"type":"welcome",""", await first.ReadAsync());
        using var second = new RawViewer(await host.OpenAsync());
        await second.SendAsync(Hello);
        Assert.StartsWith("""{"type":"error","code":"P2P2003",""", await second.ReadAsync());
    }

    [Theory]
    [InlineData("""{"type":"answer","sdp":"v=0"}""", "P2P2005")]
    [InlineData("""{"type":"camera","state":"Offline"}""", "P2P2005")]
    [InlineData("""{"type":"peer-left","peer":"x"}""", "P2P2005")]
    [InlineData("""{"type":"dance"}""", "P2P2011")]
    [InlineData("""not json""", "P2P2011")]
    public async Task ViewersForbiddenOrUnknownMessage_GetsAnErrorAndTheConnectionLives(string message, string code)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = await RawViewer.JoinAsync(host);
        Assert.Equal("""{"type":"camera","state":"Offline"}""", await viewer.ReadAsync());
        await viewer.SendAsync(message);
        Assert.StartsWith($$"""{"type":"error","code":"{{code}}",""", await viewer.ReadAsync());
        await viewer.SendAsync("""{"type":"offer","sdp":"v=0"}""");
        Assert.Equal("""{"type":"camera","state":"Offline","unheard":true}""", await viewer.ReadAsync());
    }

    [Fact]
    public async Task NoHelloInTime_IsClosed()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await LoopbackHost.StartAsync(timeProvider: time);
        using var viewer = new RawViewer(await host.OpenAsync());
        var reading = viewer.ReadAsync();
        await time.WaitForTimerAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.StartsWith("""{"type":"error","code":"P2P3006",""", await reading);
    }

    [Theory]
    [InlineData("""{"type":"end-of-candidates"}""")]
    [InlineData("not even a message")]
    public async Task MoreMessagesThanAllowed_AreClosed(string message)
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using var host = await LoopbackHost.StartAsync(options => options.MaxMessagesPerSecond = 5, time);
        using var viewer = await RawViewer.JoinAsync(host);
        for (var i = 0; i < 40; i++)
        {
            await viewer.SendAsync(message);
        }

        var replies = new List<string>();
        while (await viewer.ReadAsync() is { } reply)
        {
            replies.Add(reply);
        }

        // Five per second, four seconds' worth at once; what came after was not looked at.
        Assert.InRange(replies.Count(reply => !reply.Contains("P2P3010")), 0, 20);
        Assert.Single(replies, reply => reply.StartsWith("""{"type":"error","code":"P2P3010",""", StringComparison.Ordinal));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, viewer.Socket.CloseStatus);
    }

    [Fact]
    public async Task TooLargeMessage_IsClosedWithTheCodeForThat()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = await RawViewer.JoinAsync(host);
        Assert.Equal("""{"type":"camera","state":"Offline"}""", await viewer.ReadAsync());
        await viewer.SendAsync("{\"type\":\"offer\",\"sdp\":\"" + new string('x', SignalingLimits.MaxMessageBytes) + "\"}");
        Assert.Null(await viewer.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, viewer.Socket.CloseStatus);
    }

    [Fact]
    public async Task MoreConnectionsThanAllowed_Get503_UntilOneEnds()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.MaxConnectionsPerAddress = 2);
        using var first = await RawViewer.JoinAsync(host);
        using var second = await RawViewer.JoinAsync(host);
        await Assert.ThrowsAsync<WebSocketException>(() => host.OpenAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, host.LastRefusal);

        await first.SendAsync("""{"type":"bye"}""");
        while (await first.ReadAsync() is not null)
        {
        }

        await EventuallyAsync(async () =>
        {
            using var third = await RawViewer.JoinAsync(host);
            return true;
        });
    }

    [Fact]
    public async Task HostShutsDown_ViewersAreToldAndTheHostStopsAtOnce()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = await RawViewer.JoinAsync(host);
        Assert.Equal("""{"type":"camera","state":"Offline"}""", await viewer.ReadAsync());
        var stopping = host.App.StopAsync();
        Assert.Equal("""{"type":"bye","reason":"the host is shutting down"}""", await viewer.ReadAsync());
        Assert.Null(await viewer.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, viewer.Socket.CloseStatus);
        await stopping;
    }

    [Fact]
    public async Task PlainRequest_Is426()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var response = await host.GetAsync("/signal");
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Contains("websocket", response.Headers.Upgrade.ToString());
    }

    [Fact]
    public async Task LogsHoldNoSdpAndNoAddress()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var viewer = await RawViewer.JoinAsync(host);
        await viewer.SendAsync("""{"type":"offer","sdp":"v=0 CANARY-SDP"}""");
        await viewer.SendAsync("""{"type":"candidate","candidate":"candidate:1 1 udp 1 203.0.113.77 5000 typ host CANARY-ICE"}""");
        await viewer.SendAsync("""{"type":"hello","stream":"default","role":"Viewer","version":1,"token":"CANARY-TOKEN"}""");
        await viewer.SendAsync("""{"type":"bye","reason":"CANARY-BYE"}""");
        while (await viewer.ReadAsync() is not null)
        {
        }

        Assert.DoesNotContain("CANARY", host.Logs.AllText);
        Assert.DoesNotContain("203.0.113.77", host.Logs.AllText);
    }

    private static async Task<T> ExpectAsync<T>(IAsyncEnumerator<SignalingMessage> messages)
        where T : SignalingMessage
    {
        Assert.True(await messages.MoveNextAsync());
        return Assert.IsType<T>(messages.Current);
    }

    // The place is given back just after the client sees the close.
    private static async Task EventuallyAsync(Func<Task<bool>> attempt)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await attempt())
                {
                    return;
                }
            }
            catch (WebSocketException) when (clock.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Yield();
            }
        }
    }
}
