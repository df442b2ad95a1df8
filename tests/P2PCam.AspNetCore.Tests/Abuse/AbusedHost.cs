using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.Abuse;

/// <summary>
/// A host as LanCamera sets it up, with a camera and somebody who watches it over real sockets. The watcher comes from 127.0.0.1; attackers come
/// from other loopback addresses, as from other machines.
/// </summary>
public sealed class AbusedHost : IAsyncLifetime
{
    private const long TolerableGrowth = 32 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _key = P2PCamTokens.CreateKey();
    private WebApplication _app = null!;
    private IViewer _watcher = null!;
    private readonly ConcurrentQueue<string> _course = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _connections = 1;

    internal P2PCamTokens Tokens => _app.Services.GetRequiredService<P2PCamTokens>();

    internal int Port => _app.Services.GetRequiredService<LanHttpsInfo>().Port;

    internal Uri Signaling => new($"ws://127.0.0.1:{Port}/signal");

    internal IReadOnlyList<ViewerInfo> Viewers => _app.Services.GetRequiredService<IBroadcaster>().Viewers;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseP2PCamLanHttps(port: 0, options => (options.DataDirectory, options.AllowHttp) = (_folder.Path, true));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(3));
        builder.Services.AddP2PCamTokens(options => options.Keys.Add(_key));
        builder.Services.AddP2PBroadcaster(configure: options =>
        {
            options.MediaPort = 0;
            options.MediaAddresses.Add(IPAddress.Loopback);
            options.IncludeLoopback = true;
        }).UseTestPattern(320, 180);
        _app = builder.Build();
        _app.MapP2PCam(configure: options => options.HelloTimeout = TimeSpan.FromSeconds(3));
        await _app.StartAsync();

        var options = new ViewerOptions { IncludeLoopback = true };
        options.MediaAddresses.Add(IPAddress.Loopback);
        _watcher = Viewer.Create(new WebSocketSignalingTransport(Signaling, o => o.AccessTokenProvider = _ => ValueTask.FromResult<string?>(ViewerToken())), options);
        _watcher.StateChanged += (_, e) => _course.Enqueue(FormattableString.Invariant($"{_clock.Elapsed.TotalSeconds:0.00} s {e.Current} ({e.Reason})"));
        _watcher.CameraStateChanged += (_, e) => _course.Enqueue(FormattableString.Invariant($"{_clock.Elapsed.TotalSeconds:0.00} s camera {e.State} ({e.Description})"));
        await _watcher.ConnectAsync();
        await WhenAsync(() => _watcher.State == ViewerState.Live, "the watcher's first picture");
    }

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What this host signed, a day ago.</summary>
    internal P2PCamTokens TokensOfYesterday => new([_key], new ManualTime(DateTimeOffset.UtcNow.AddDays(-1)));

    internal string ViewerToken() => Tokens.Create("default", SignalingRole.Viewer, TimeSpan.FromMinutes(10));

    /// <summary>A newcomer that is no attacker gets in.</summary>
    internal async Task<string?> JoinFromElsewhereAsync()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Signaling, CancellationToken.None);
        using var viewer = new RawViewer(socket);
        await viewer.SendAsync($$"""{"type":"hello","stream":"default","role":"Viewer","version":1,"token":"{{ViewerToken()}}"}""");
        return await viewer.ReadAsync();
    }

    /// <summary>
    /// Runs an attack. Meanwhile the watcher gets at least 80 % of the frames that are encoded, by the connection that it has; afterwards the
    /// heap is about as large as before. A watcher that had to connect again fails the case that is under way then, and not those after it. Says how
    /// it was.
    /// </summary>
    internal async Task<string> EndureAsync(Func<Task> attack)
    {
        var camera = _app.Services.GetRequiredService<IBroadcaster>();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var (sent, received, clock) = (camera.Statistics.FramesEncoded, _watcher.GetStatistics().FramesReceived, Stopwatch.StartNew());
        await attack();
        await WhenAsync(() => _watcher.GetStatistics().FramesReceived - received >= 60, "60 frames");

        var elapsed = clock.Elapsed.TotalSeconds;
        sent = camera.Statistics.FramesEncoded - sent;
        received = _watcher.GetStatistics().FramesReceived - received;
        Assert.True(received >= 0.8 * sent, $"The watcher got {received} of {sent} frames.");
        var kept = _connections;
        _connections = _watcher.GetStatistics().Connections;
        Assert.True(
            (_watcher.State, _connections) == (ViewerState.Live, kept),
            FormattableString.Invariant($"At {_clock.Elapsed.TotalSeconds:0.00} s, {elapsed:0.0} s after the attack began, the watcher is {_watcher.State} by connection {_connections}, not {kept}: {string.Join(", ", _course)}. It got {received} of {sent} frames. {_watcher.GetStatistics()}"));

        var growth = long.MaxValue;
        await WhenAsync(() => (growth = GC.GetTotalMemory(forceFullCollection: true) - heap) < TolerableGrowth, $"the heap to shrink to what it was; it grew by {growth:N0} bytes");
        return FormattableString.Invariant($"{elapsed:0.0} s, watcher {received / elapsed:0.0} fps ({received} of {sent} frames), heap {growth / 1024.0 / 1024:+0.0;-0.0} MiB");
    }

    internal static async Task WhenAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"Waited {Limit} for {what}.");
            await Task.Delay(20);
        }
    }
}
