using P2PCam.SignalingConformance;

namespace P2PCam.SignalR.Tests;

public class SignalRConformanceTests : SignalingConformanceTests
{
    protected override async Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings) => await KestrelTestHost.StartAsync(byHub: true, settings);
}

public class WebSocketConformanceTests : SignalingConformanceTests
{
    protected override async Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings) => await KestrelTestHost.StartAsync(byHub: false, settings);
}

public class MixedRoomTests
{
    [Fact]
    public async Task SignalRAndWebSocket_MeetInOneRoom()
    {
        await using var host = await KestrelTestHost.StartAsync(byHub: true, new SignalingTestSettings());
        await using var broadcaster = await JoinAsync(host, byHub: true, SignalingRole.Broadcaster);
        await using var viewer = await JoinAsync(host, byHub: false, SignalingRole.Viewer);
        Assert.Equal("websocket", (await broadcaster.NextAsync<PeerJoinedMessage>()).Transport);

        await viewer.SendAsync(new OfferMessage("by WebSocket"));
        Assert.Equal(new OfferMessage("by WebSocket") { Peer = viewer.Id }, await broadcaster.NextAsync());
        await broadcaster.SendAsync(new AnswerMessage("by SignalR") { Peer = viewer.Id });
        Assert.Equal(new AnswerMessage("by SignalR"), await viewer.NextAsync());
    }

    private static async Task<Participant> JoinAsync(KestrelTestHost host, bool byHub, SignalingRole role)
    {
        var transport = host.CreateTransport(byHub);
        await transport.ConnectAsync(new SignalingJoin("default", role));
        var participant = new Participant(transport);
        await participant.NextAsync<WelcomeMessage>();
        return participant;
    }
}

