using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>The page's end of a signaling session: what a broken WebSocket, a camera that comes late and a wish to begin anew do to it.</summary>
[Collection("browsers")]
public sealed class SignalingResumeTests : IDisposable
{
    // A host that says what the test wants: sockets[i].sent, sockets[i].say(...), sockets[i].break(). The page's code is the real one.
    private const string FakeHost = """
        const sockets = [], connections = [];
        const RealConnection = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends RealConnection { constructor(options) { super(options); connections.push(this); } };
        window.WebSocket = class {
          static OPEN = 1;
          readyState = 0;
          sent = [];
          constructor() { sockets.push(this); setTimeout(() => { this.readyState = 1; this.onopen?.(); }, 0); }
          send(text) { this.sent.push(JSON.parse(text)); }
          close() { this.readyState = 3; }
          say(...messages) { for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) }); }
          break() { this.readyState = 3; this.onclose?.(); }
        };
        const limit = performance.now() + 60000;
        const until = async condition => {
          while (!condition()) {
            if (performance.now() > limit) throw new Error(`Waited in vain for ${condition}.`);
            await new Promise(done => setTimeout(done, 5));
          }
        };
        const has = (socket, type) => socket?.sent.some(message => message.type === type);
        const counted = socket => socket.sent.filter(message => message.type !== 'hello' && message.type !== 'ack');
        const welcome = { type: 'welcome', peerId: 'a', version: 1, resume: 'secret', resumeSeconds: 30, received: 0 };
        const offline = { type: 'camera', state: 'Offline' }, live = { type: 'camera', state: 'Live' };
        const { watch } = await import('/p2pcam.js');
        const viewer = watch(document.createElement('video'), {});
        await until(() => has(sockets[0], 'end-of-candidates'));
        """;

    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly string[] SmallTestPattern = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium,ss")]
    public async Task WebSocketBreaks_TheSessionGoesOnUnderTheSameId_AndTheMediaNeverNotice()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, SmallTestPattern);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
        await host.WaitForLineAsync("+ ");
        await page.EvaluateAsync("""
            (() => {
              window.first = { connection: window.p2pcam.peerConnection, id: window.p2pcam.peerId };
              window.welcomes = [];
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (text) {
                const message = JSON.parse(text);
                if (message.type === 'hello') {
                  [window.socket, window.hello] = [this, message];
                  this.addEventListener('message', event => event.data.includes('"welcome"') && window.welcomes.push(JSON.parse(event.data)));
                }
                return send.call(this, text);
              };
            })()
            """);

        for (var cut = 1; cut <= 3; cut++)
        {
            network.Viewer.Run("ss", "-K", "state", "established", "dport", "=", "3000");
            await page.WaitAsync(async () => await CountAsync(page, "window.welcomes.length") == cut, "another welcome", async () => $"{await CountAsync(page, "window.welcomes.length")}");
        }

        Assert.True(await IsAsync(page, "/^[0-9a-f]{32}$/.test(window.hello.resume) && window.welcomes.every(welcome => welcome.resumed)"), "The page's session did not go on.");
        Assert.True(await IsAsync(page, "window.first.id?.length === 32 && window.first.id === window.p2pcam.peerId"), "The page came back under another id.");
        await page.WaitForDecodedAsync(frames: 60);
        await page.WaitForMovementAsync();
        Assert.True(await IsAsync(page, "window.first.connection === window.p2pcam.peerConnection"), "The page connected anew.");
        Assert.Equal((1, 0), (host.CountLines("+ "), host.CountLines("- ")));

        // The host sends a viewer's wish to begin anew back to it; only then another connection is made.
        await page.EvaluateAsync("window.socket.send('{\"type\":\"restart\"}')");
        await page.WaitAsync(() => IsAsync(page, "window.first.connection !== window.p2pcam.peerConnection"), "another connection", () => Task.FromResult("the first"));
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync();
        Assert.True(await IsAsync(page, "window.first.id === window.p2pcam.peerId"), "Beginning anew took another id.");
    }

    [NetworkFact("chromium")]
    public async Task Resuming_AsksFromWhereItIs_AndSendsWhatTheHostLacks()
    {
        var said = await PlayAsync("""
            sockets[0].say(welcome);
            for (let i = 0; i < 20; i++) sockets[0].say(live);
            const acks = sockets[0].sent.filter(message => message.type === 'ack').map(message => message.received);
            sockets[0].break();
            await until(() => has(sockets[1], 'hello'));
            const early = counted(sockets[1]).length;
            sockets[1].say({ ...welcome, resumed: true, received: 1 });
            const again = JSON.stringify(counted(sockets[1])) === JSON.stringify(counted(sockets[0]).slice(1));
            return [acks.join(), sockets[1].sent[0].resume, sockets[1].sent[0].received, early, counted(sockets[0])[0].type, again, connections.length].join(' ');
            """);
        Assert.Equal("16 secret 20 0 offer true 1", said);
    }

    [NetworkFact("chromium")]
    public async Task Resuming_AtAHostThatForgotTheSession_BeginsAnew_ByTheSameHello()
    {
        var said = await PlayAsync("""
            sockets[0].say(welcome, live, live);
            sockets[0].break();
            await until(() => has(sockets[1], 'hello'));
            sockets[1].say({ ...welcome, peerId: 'b', resume: 'other' });
            const again = JSON.stringify(counted(sockets[1])) === JSON.stringify(counted(sockets[0]));
            sockets[1].say(live);
            sockets[1].break();
            await until(() => has(sockets[2], 'hello'));
            return [sockets[1].sent[0].received, again, viewer.peerId, sockets[2].sent[0].resume, sockets[2].sent[0].received, connections.length].join(' ');
            """);
        Assert.Equal("2 true b other 1 1", said);
    }

    [NetworkFact("chromium")]
    public async Task Resuming_WhereTheCountsDoNotFit_BeginsAnewWithoutTheSecret()
    {
        var said = await PlayAsync("""
            sockets[0].say(welcome, live);
            sockets[0].break();
            await until(() => has(sockets[1], 'hello'));
            sockets[1].say({ ...welcome, resumed: true, received: 1000 });
            await until(() => has(sockets[2], 'offer'));
            return [sockets[2].sent[0].resume ?? 'none', sockets[2].sent[0].received].join(' ');
            """);
        Assert.Equal("none 0", said);
    }

    [NetworkFact("chromium")]
    public async Task OfflineThenLiveAtTheStart_OffersAgain_OnlyIfTheOfferWasUnheard()
    {
        // The camera came between the hello and the offer: it answers the first offer.
        Assert.Equal("1 connecting", await PlayAsync("sockets[0].say(welcome, offline, live); return `${connections.length} ${viewer.state}`;"));

        // It came after the offer, which the host answered with an Offline of its own.
        Assert.Equal("2 1", await PlayAsync("""
            sockets[0].say(welcome, offline, { ...offline, unheard: true }, live);
            await until(() => sockets[0].sent.filter(message => message.type === 'offer').length === 2);
            return `${connections.length} ${sockets.length}`;
            """));
    }

    [NetworkFact("chromium")]
    public async Task Restart_MakesANewOffer_OnTheSameSocket()
    {
        var said = await PlayAsync("""
            sockets[0].say(welcome, live, { type: 'restart' });
            await until(() => sockets[0].sent.filter(message => message.type === 'offer').length === 2);
            const [first, second] = sockets[0].sent.filter(message => message.type === 'offer').map(message => /a=ice-ufrag:(\S+)/.exec(message.sdp)[1]);
            return [first !== second, connections[0].signalingState, connections.length, sockets.length].join(' ');
            """);
        Assert.Equal("true closed 2 1", said);
    }

    [NetworkFact("chromium")]
    public async Task CameraThatSendsAnotherCodec_KeepsTheSession_UnlessItWasNeverAnswered()
    {
        const string OtherCodec = "{ type: 'error', code: 'P2P2112', message: 'The camera sends another codec.' }";
        var said = await PlayAsync($$"""
            const other = new RealConnection();
            await other.setRemoteDescription(sockets[0].sent.find(message => message.type === 'offer'));
            await other.setLocalDescription(await other.createAnswer());
            sockets[0].say(welcome, live, { type: 'answer', sdp: other.localDescription.sdp });
            await until(() => connections[0].signalingState === 'stable');
            sockets[0].say({{OtherCodec}});
            return [connections[0].signalingState, connections.length, viewer.state, viewer.detail].join(' ');
            """);
        Assert.Equal("stable 1 error The camera sends another codec.", said);

        Assert.Equal("closed error", await PlayAsync($"sockets[0].say(welcome, live, {OtherCodec}); return `${{connections[0].signalingState}} ${{viewer.state}}`;"));
    }

    /// <summary>Runs a script in a page whose host is <see cref="FakeHost"/>, and returns what it returns.</summary>
    private async Task<string?> PlayAsync(string script)
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, SmallTestPattern);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(new Uri(Address, "healthz")); // the same origin, and no viewer of its own
        return (await page.EvaluateAsync($"(async () => {{ {FakeHost}\n{script} }})()")).GetString();
    }

    private static async Task<bool> IsAsync(ChromiumPage page, string expression) => (await page.EvaluateAsync(expression)).GetBoolean();

    private static async Task<int> CountAsync(ChromiumPage page, string expression) => (await page.EvaluateAsync(expression)).GetInt32();
}
