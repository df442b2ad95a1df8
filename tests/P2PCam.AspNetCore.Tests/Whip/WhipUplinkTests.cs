using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Our own WHIP client, against our own server and against servers that misbehave.</summary>
public class WhipUplinkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Stream_ReachesTheServer_AndDeleteEndsItThere()
    {
        await using var bed = await WhipBed.StartAsync();
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(bed.Host.Address, "whip"));
        var states = Watch(uplink);
        uplink.Start();
        var reading = bed.ReadUntilItFailsAsync();
        for (var i = 0; i < 10; i++)
        {
            await bed.ReadFrameAsync();
        }

        await WaitForAsync(states, WhipUplinkState.Publishing);
        Assert.Equal("whip", Assert.Single(camera.Viewers).Transport);
        Assert.Equal(VideoCodec.Vp8, bed.Source.Publisher!.Codec);

        await uplink.StopAsync();
        Assert.Equal("P2P1020", (await reading).Code);
        Assert.Equal(WhipUplinkState.Stopped, uplink.State);
    }

    [Theory]
    [InlineData("https://me:s3cret@sfu.example/whip", "carries a user name")]
    [InlineData("https://sfu.example/whip#token=s3cret", "carries a token behind '#'")]
    public async Task AddressWithWhatIsNeverSent_IsRefused_WithoutRepeatingIt(string address, string words)
    {
        await using var camera = await StartCameraAsync();
        var error = Assert.Throws<ArgumentException>(() => new WhipUplink(camera, new Uri(address)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("AccessTokenProvider", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyFramesThatTheServerAsksFor_AreMade()
    {
        await using var bed = await WhipBed.StartAsync();
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(bed.Host.Address, "whip"));
        uplink.Start();
        using var limit = new CancellationTokenSource(Limit);
        var keyFrames = 0;
        await foreach (var frame in bed.Source.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                keyFrames += frame.IsKeyFrame ? 1 : 0;
                if (keyFrames == 3)
                {
                    break;
                }

                bed.Source.RequestKeyFrame();
            }
        }

        Assert.Equal(3, keyFrames);
    }

    [Fact]
    public async Task ServerThatEndsTheSession_IsPublishedToAnew()
    {
        await using var bed = await WhipBed.StartAsync();
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(bed.Host.Address, "whip"), new WhipUplinkOptions { FirstRetry = TimeSpan.FromMilliseconds(100) });
        var states = Watch(uplink);
        uplink.Start();
        await WaitForAsync(states, WhipUplinkState.Publishing);
        await using var other = new MediaPeer();
        var taken = await bed.PublishAsync("/whip?takeover=1", by: other);
        Assert.Equal("P2P2307", (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!.Code);
        Assert.Equal("P2P2301", (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!.Code);
        using var delete = await bed.Client.SendAsync(HttpMethod.Delete, taken.Location);
        await WaitForAsync(states, WhipUplinkState.Publishing);
    }

    [Fact]
    public async Task Token_IsSentWithPostAndDelete_AndA307IsFollowed_WithIt()
    {
        await using var server = await StubServer.StartAsync(async (context, requests) =>
        {
            requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
            if (context.Request.Path == "/first")
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = "/second";
            }
            else if (context.Request.Method == "POST")
            {
                context.Response.StatusCode = 201;
                context.Response.ContentType = "application/sdp";
                context.Response.Headers.Location = "sessions/1";
                context.Response.Headers.Append("Link", "<stun:stun.example>; rel=\"ice-server\", <turn:turn.example?transport=udp>; rel=\"ice-server\"; username=\"a\\\"b\"; credential=\"c,d;e\"; credential-type=\"password\"");
                await context.Response.WriteAsync("v=0\r\n");
            }
        });
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(server.Address, "first"), new WhipUplinkOptions { AccessTokenProvider = _ => ValueTask.FromResult<string?>("secret") });
        var states = Watch(uplink);
        uplink.Start();
        var waiting = await WaitForAsync(states, WhipUplinkState.Waiting);
        Assert.Equal("P2P2303", waiting.Reason!.Code);
        Assert.Equal(["POST /first Bearer secret", "POST /second Bearer secret", "DELETE /sessions/1 Bearer secret"], server.Requests);
        Assert.Equal(
            [("stun:stun.example", null, null), ("turn:turn.example?transport=udp", "a\"b", "c,d;e")],
            uplink.IceServers.Select(each => (each.Urls.Single(), each.Username, each.Credential)));
    }

    [Theory]
    [InlineData(302, "/elsewhere", "P2P2305")]
    [InlineData(307, "ftp://127.0.0.1/", "P2P2305")]
    [InlineData(307, "/first", "P2P2305")] // round and round
    [InlineData(401, null, "P2P2301")]
    [InlineData(503, null, "P2P2301")]
    [InlineData(200, null, "P2P2301")]
    public async Task WhatIsNoAnswer_IsAReasonToWait(int status, string? location, string code)
    {
        await using var server = await StubServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(server.Address, "first"));
        var states = Watch(uplink);
        uplink.Start();
        Assert.Equal(code, (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!.Code);
        Assert.Empty(camera.Viewers);
    }

    [Fact]
    public async Task RefusalInProblemJson_IsQuoted()
    {
        await using var bed = await WhipBed.StartAsync(options => options.PublishFromLoopback = false);
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(bed.Host.Address, "whip"));
        var states = Watch(uplink);
        uplink.Start();
        var reason = (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!;
        Assert.Contains("HTTP 403: P2P3314", reason.Message);
    }

    [Fact]
    public async Task NobodyThere_IsAReasonToWait_AndSoIsABroadcasterThatDoesNotRun()
    {
        await using var stopped = Broadcaster.Create(new TestPatternSource(320, 180), new InMemorySignaling().CreateTransport());
        await using var idle = new WhipUplink(stopped, new Uri("http://127.0.0.1:9/whip"));
        var states = Watch(idle);
        idle.Start();
        Assert.Equal("P2P2306", (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!.Code);

        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri("http://127.0.0.1:9/whip"));
        states = Watch(uplink);
        uplink.Start();
        Assert.Equal("P2P2302", (await WaitForAsync(states, WhipUplinkState.Waiting)).Reason!.Code);
    }

    [Fact]
    public async Task AddWhipUplink_PublishesAsLongAsTheHostRuns()
    {
        await using var bed = await WhipBed.StartAsync();
        await using (await LoopbackHost.StartAsync(services: services => services.AddP2PBroadcaster("workshop", options =>
        {
            options.MediaPort = 0;
            options.MediaAddresses.Add(IPAddress.Loopback);
        }).UseTestPattern(320, 180).AddWhipUplink(new Uri(bed.Host.Address, "whip"))))
        {
            var reading = bed.ReadUntilItFailsAsync();
            await bed.ReadFrameAsync();
            _ = reading;
        }

        using var limit = new CancellationTokenSource(Limit);
        while (bed.Source.Publisher is not null)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("relative")]
    public async Task ImpossibleAddress_IsRefusedAtOnce(string address)
    {
        await using var camera = await StartCameraAsync();
        Assert.Throws<ArgumentException>(() => new WhipUplink(camera, new Uri(address, UriKind.RelativeOrAbsolute)));
    }

    private static async Task<IBroadcaster> StartCameraAsync()
    {
        var camera = Broadcaster.Create(
            new TestPatternSource(320, 180), new InMemorySignaling().CreateTransport(), new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } });
        await camera.StartAsync();
        return camera;
    }

    private static ChannelReader<WhipUplinkStateChangedEventArgs> Watch(WhipUplink uplink)
    {
        var states = Channel.CreateUnbounded<WhipUplinkStateChangedEventArgs>();
        uplink.StateChanged += (_, e) => states.Writer.TryWrite(e);
        return states.Reader;
    }

    private static async Task<WhipUplinkStateChangedEventArgs> WaitForAsync(ChannelReader<WhipUplinkStateChangedEventArgs> states, WhipUplinkState state)
    {
        while (true)
        {
            var e = await states.ReadAsync().AsTask().WaitAsync(Limit);
            if (e.Current == state)
            {
                return e;
            }
        }
    }
}
