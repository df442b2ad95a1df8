using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Xunit.Abstractions;

namespace P2PCam.AspNetCore.Tests.Abuse;

/// <summary>What strangers do to a host while somebody watches; alone on the machine, because of the figures.</summary>
[CollectionDefinition("abuse", DisableParallelization = true)]
public sealed class AbuseGroup : ICollectionFixture<AbusedHost>;

[Collection("abuse")]
public sealed class AbuseTests(AbusedHost host, ITestOutputHelper output)
{
    private const string Hello = """{"type":"hello","stream":"default","role":"Viewer","version":1,"token":"TOKEN"}""";

    [Fact]
    public async Task ThousandsOfJoinsFromOneAddress_AreRefusedBy429_AndNobodyElseIs()
    {
        const int Attempts = 3000;
        var attacker = new Attacker("127.0.0.66", host.Port);
        var statuses = new int[Attempts];
        var clock = Stopwatch.StartNew();
        var rate = 0.0;
        string? newcomer = null;
        var course = await host.EndureAsync(async () =>
        {
            var next = -1;
            var newcomers = Task.Run(async () =>
            {
                await AbusedHost.WhenAsync(() => Volatile.Read(ref next) > Attempts / 2, "the attack");
                newcomer = await host.JoinFromElsewhereAsync();
            });
            clock.Restart();
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < Attempts;)
                {
                    statuses[i] = await attacker.UpgradeAsync();
                }
            })));
            rate = Attempts / clock.Elapsed.TotalSeconds;
            await newcomers;
        });

        output.WriteLine($"{rate:0} joins per second: {string.Join(", ", statuses.CountBy(status => status))}; {course}");
        Assert.StartsWith("""{"type":"welcome",""", newcomer);
        var accepted = statuses.Count(status => status == 101);
        Assert.InRange(accepted, 1, 120 + (2 * clock.Elapsed.TotalSeconds) + 1);
        Assert.All(statuses, status => Assert.Contains(status, new[] { 101, 429, 503 }));
        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task ThousandHalfOpenSockets_AreDropped_AndANewViewerJoins()
    {
        var attacker = new Attacker("127.0.0.67", host.Port);
        var sockets = new List<Socket>();
        var course = await host.EndureAsync(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                sockets.Add(await attacker.ConnectAsync());
            }

            // One address gets 128 at most; the others are closed at once.
            await AbusedHost.WhenAsync(() => sockets.Count(IsOpen) <= 128, "all but 128 to be closed");
            Assert.StartsWith("""{"type":"welcome",""", await host.JoinFromElsewhereAsync());
            await AbusedHost.WhenAsync(() => !sockets.Exists(IsOpen), "the silent rest to be closed");
        });
        output.WriteLine(course);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task ThousandClientsOfOneBytePerSecond_AreDropped_AndANewViewerJoins()
    {
        var request = Encoding.ASCII.GetBytes("GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + new string('x', 1000));
        var sockets = new List<Socket>();
        var seconds = 0;
        var course = await host.EndureAsync(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                sockets.Add(await new Attacker($"127.0.0.{70 + (i / 125)}", host.Port).ConnectAsync());
            }

            while (sockets.Exists(IsOpen))
            {
                Assert.True(seconds < 120, "Slow clients are still there.");
                foreach (var socket in sockets.Where(IsOpen))
                {
                    await TrySendAsync(socket, request.AsMemory(seconds, 1));
                }

                if (seconds++ == 1)
                {
                    Assert.StartsWith("""{"type":"welcome",""", await host.JoinFromElsewhereAsync());
                }

                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        });
        output.WriteLine($"gone after {seconds} bytes; {course}");
        Assert.InRange(seconds, 2, 119);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task HelloOfOneBytePerSecond_IsClosedByTimeout()
    {
        await host.EndureAsync(async () =>
        {
            using var viewer = await new Attacker("127.0.0.80", host.Port).OpenAsync(host.Signaling);
            var reading = viewer.ReadAsync();
            for (var i = 0; !reading.IsCompleted; i++)
            {
                Assert.True(i < 120);
                try
                {
                    await viewer.Socket.SendAsync(Encoding.ASCII.GetBytes(Hello, i, 1), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
                }
                catch (WebSocketException)
                {
                    break;
                }

                await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1)));
            }

            Assert.StartsWith("""{"type":"error","code":"P2P3006",""", await reading);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MessageOfHundredMegabytes_IsCutOffAt64KiB(bool afterTheHello)
    {
        var sent = 0L;
        var course = await host.EndureAsync(async () =>
        {
            using var viewer = await new Attacker("127.0.0.81", host.Port).OpenAsync(host.Signaling);
            if (afterTheHello)
            {
                await viewer.SendAsync(Hello.Replace("TOKEN", host.ViewerToken()));
                Assert.StartsWith("""{"type":"welcome",""", await viewer.ReadAsync());
            }

            var closing = UntilClosedAsync(viewer);
            var piece = new byte[256 * 1024];
            Array.Fill(piece, (byte)' ');
            try
            {
                while (sent < 100 * 1024 * 1024 && !closing.IsCompleted)
                {
                    await viewer.Socket.SendAsync(piece, WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
                    sent += piece.Length;
                }
            }
            catch (WebSocketException)
            {
                // The host hung up.
            }

            Assert.Contains(await closing, new WebSocketCloseStatus?[] { WebSocketCloseStatus.MessageTooBig, null });
        });
        output.WriteLine($"{sent / 1024:N0} KiB were taken by somebody's buffers; {course}");
        Assert.InRange(sent, 0, (100 * 1024 * 1024) - 1);
    }

    [Theory]
    [InlineData("/", 405)]
    [InlineData("/signal", 426)]
    [InlineData("/trust", 405)]
    public async Task BodyOfHundredMegabytes_IsAnsweredWithoutReadingIt(string path, int status) => await host.EndureAsync(async () =>
        Assert.Equal(status, await new Attacker("127.0.0.82", host.Port).RequestAsync(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nContent-Length: 104857600\r\n\r\n{new string('x', 60_000)}")));

    [Theory]
    [InlineData("\0")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: LONG\r\n\r\n")]
    [InlineData("GET /LONG HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    public async Task MonstrousRequests_AreRefusedOrDropped(string request) => await host.EndureAsync(async () =>
        Assert.Contains(await new Attacker("127.0.0.83", host.Port).RequestAsync(request.Replace("LONG", new string('x', 1_000_000))), new[] { 0, 400, 414, 431 }));

    [Fact]
    public async Task ForgedExpiredAndBorrowedTokens_AreRefusedByTheirCodes()
    {
        var stranger = new P2PCamTokens([P2PCamTokens.CreateKey()]);
        var hour = TimeSpan.FromHours(1);
        var tokens = new Dictionary<string, string>
        {
            [stranger.Create("default", SignalingRole.Viewer, hour)] = "P2P3106",
            [host.TokensOfYesterday.Create("default", SignalingRole.Viewer, hour)] = "P2P3105",
            ["p2pcam_" + new string('A', 10_000)] = "P2P3106",
            [host.Tokens.Create("garden", SignalingRole.Viewer, hour)] = "P2P3107",
            [host.Tokens.Create("default", SignalingRole.Broadcaster, hour)] = "P2P3108",
            [""] = "P2P3104",
        };
        var course = await host.EndureAsync(async () =>
        {
            foreach (var (token, code) in tokens)
            {
                using var viewer = await new Attacker("127.0.0.84", host.Port).OpenAsync(host.Signaling);
                await viewer.SendAsync(Hello.Replace("TOKEN", token));
                Assert.StartsWith($$"""{"type":"error","code":"{{code}}",""", await viewer.ReadAsync());
                Assert.Null(await viewer.ReadAsync());
                Assert.Equal(WebSocketCloseStatus.PolicyViolation, viewer.Socket.CloseStatus);
            }
        });
        output.WriteLine(course);
    }

    [Fact]
    public async Task ViewerThatActsAsTheCamera_IsRefused_AndTheWatcherSeesNothingOfIt() => await host.EndureAsync(async () =>
    {
        using var viewer = await new Attacker("127.0.0.85", host.Port).OpenAsync(host.Signaling);
        await viewer.SendAsync(Hello.Replace("TOKEN", host.ViewerToken()));
        Assert.StartsWith("""{"type":"welcome",""", await viewer.ReadAsync());
        var victim = host.Viewers[0].Id;
        foreach (var message in new[]
        {
            """{"type":"camera","state":"Offline"}""", $$"""{"type":"bye","peer":"{{victim}}"}""", $$"""{"type":"answer","sdp":"v=0","peer":"{{victim}}"}""",
            $$"""{"type":"peer-left","peer":"{{victim}}"}""", $$"""{"type":"error","code":"x","message":"x","peer":"{{victim}}"}""",
        })
        {
            await viewer.SendAsync(message);
        }
    });

    [Theory]
    [InlineData("Origin: https://evil.example\r\n", "127.0.0.1", 403)]
    [InlineData("Origin: null\r\n", "127.0.0.1", 403)]
    [InlineData("", "evil.example", 421)]
    [InlineData("Origin: http://evil.example\r\n", "evil.example", 421)]
    public async Task ForeignPageAndRebinding_AreRefused(string header, string name, int status) =>
        await host.EndureAsync(async () => Assert.Equal(status, await new Attacker("127.0.0.86", host.Port).UpgradeAsync(header, name)));

    private static bool IsOpen(Socket socket) => socket.SafeHandle.IsClosed == false && !Attacker.IsEnded(socket);

    private static async Task TrySendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed meanwhile; the next look sees it.
        }
    }

    // Null when the connection was reset before the close frame could be read.
    private static async Task<WebSocketCloseStatus?> UntilClosedAsync(RawViewer viewer)
    {
        try
        {
            while (await viewer.ReadAsync() is not null)
            {
            }

            return viewer.Socket.CloseStatus;
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
