using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCam.Hosting;

namespace P2PCam.Tests.Hosting;

/// <summary>A broadcaster that cannot start in a host that is stopped, disposed without that, or fails to start for another reason.</summary>
public sealed class FailedStartTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly UdpClient _taken = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CountingLogger _logs = new();

    private int TakenPort => ((IPEndPoint)_taken.Client.LocalEndPoint!).Port;

    public void Dispose() => _taken.Dispose();

    [Fact]
    public async Task HostThatIsDisposedWithoutStop_EndsTheRetries()
    {
        var host = Build();
        await host.StartAsync();
        var service = Service(host);
        Assert.False(service.Retries.IsCompleted);
        host.Dispose();
        await service.Retries.WaitAsync(Limit);
        Assert.Equal(1, _logs.Errors);
    }

    [Fact]
    public async Task StartThatFailsElsewhere_AndIsSwallowed_LeavesNoLoopBehind()
    {
        var host = Build(services => services.AddHostedService<FailingService>());
        await Assert.ThrowsAsync<IOException>(() => host.StartAsync());
        var service = Service(host);
        await ((IAsyncDisposable)host).DisposeAsync();
        await service.Retries.WaitAsync(Limit);
        Assert.Equal(1, _logs.Errors);
    }

    [Fact]
    public async Task BroadcasterThatIsDisposedAlone_IsTriedNoMore()
    {
        using var host = Build(services => services.AddSingleton<TimeProvider>(new ImpatientClock()));
        await host.StartAsync();
        await host.Services.GetRequiredKeyedService<IBroadcaster>("default").DisposeAsync();
        await Service(host).Retries.WaitAsync(Limit);
    }

    [Fact]
    public async Task HostThatIsStopped_EndsTheRetries_AndMayBeDisposedTwice()
    {
        var host = Build();
        await host.StartAsync();
        await host.StopAsync();
        await Service(host).Retries.WaitAsync(Limit);
        host.Dispose();
        host.Dispose();
    }

    [Fact]
    public async Task PortThatIsFreedLater_LetsTheBroadcasterStart()
    {
        using var host = Build(services => services.AddSingleton<TimeProvider>(new ImpatientClock()));
        await host.StartAsync();
        _taken.Dispose();
        await Service(host).Retries.WaitAsync(Limit);
        Assert.NotEqual(BroadcasterState.Stopped, host.Services.GetRequiredService<IBroadcaster>().State);
        await host.StopAsync();
    }

    [Fact]
    public async Task UplinkOfAHostThatIsDisposedWithoutStop_EndsAsWell()
    {
        var host = Build(configure: broadcaster => broadcaster.UseTestPattern(64, 64).AddWhipUplink(new Uri("http://127.0.0.1:1/whip")));
        await host.StartAsync();
        var uplink = host.Services.GetServices<IHostedService>().OfType<WhipUplinkHostedService>().Single().Uplinks.Single();
        var stopped = new TaskCompletionSource();
        uplink.StateChanged += (_, e) =>
        {
            if (e.Current == WhipUplinkState.Stopped)
            {
                stopped.TrySetResult();
            }
        };
        host.Dispose();
        await stopped.Task.WaitAsync(Limit);
    }

    public static TheoryData<string> SourcesThatNeedFFmpeg => ["file", "rtsp", "camera", "pass-through", "encoder", "encoder of a camera"];

    [Theory]
    [MemberData(nameof(SourcesThatNeedFFmpeg))]
    public async Task MissingFFmpeg_FailsTheStart_IfItIsToFailFast(string source)
    {
        using var host = BuildSource(source, "no-such-ffmpeg", failFast: true);
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => host.StartAsync());
        Assert.Equal("P2P1001", error.Code);
        Assert.Equal(BroadcasterState.Stopped, host.Services.GetRequiredService<IBroadcaster>().State);
    }

    [Theory]
    [MemberData(nameof(SourcesThatNeedFFmpeg))]
    public async Task MissingFFmpeg_EndsNoHost_OtherwiseSoThatItCanBeInstalledMeanwhile(string source)
    {
        using var host = BuildSource(source, "no-such-ffmpeg", failFast: false);
        await host.StartAsync();
        await host.StopAsync();
    }

    [TestKit.ToolFact("ffmpeg")]
    public async Task MissingFile_FailsTheStart_IfItIsToFailFast()
    {
        using var host = BuildSource("file", "ffmpeg", failFast: true);
        Assert.Equal("P2P1004", (await Assert.ThrowsAsync<VideoSourceException>(() => host.StartAsync())).Code);
    }

    [Fact]
    public async Task EncoderThatMayFallBack_NeedsNoFFmpeg()
    {
        using var host = Build(configure: broadcaster => broadcaster.UseTestPattern(64, 64).UseFFmpegEncoder(o => o.ExecutablePath = "no-such-ffmpeg"), port: 0, failFast: true);
        await host.StartAsync();
        await host.StopAsync();
    }

    private IHost BuildSource(string source, string ffmpeg, bool failFast) => Build(
        configure: broadcaster => _ = source switch
        {
            "file" => broadcaster.UseFile("no-such-file.mp4", configure: o => o.ExecutablePath = ffmpeg),
            "rtsp" => broadcaster.UseRtsp(new Uri("rtsp://127.0.0.1:1/"), o => o.ExecutablePath = ffmpeg),
            "camera" => broadcaster.UseCamera("/dev/video99", o => o.ExecutablePath = ffmpeg),
            "pass-through" => broadcaster.UseFFmpegPassThrough("no-such-file.mp4", configure: o => o.ExecutablePath = ffmpeg),
            "encoder" => broadcaster.UseTestPattern(64, 64).UseFFmpegEncoder(o => (o.ExecutablePath, o.FallBackToVp8) = (ffmpeg, false)),
            _ => broadcaster.UseCamera("/dev/video99", o => o.ExecutablePath = ffmpeg).UseFFmpegEncoder(o => o.FallBackToVp8 = true),
        },
        port: 0,
        failFast: failFast);

    private IHost Build(Action<IServiceCollection>? services = null, Action<IP2PBroadcasterBuilder>? configure = null, int? port = null, bool failFast = false)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(_logs);
        var broadcaster = builder.Services.AddP2PBroadcaster(configure: o =>
        {
            (o.MediaPort, o.FailFast) = (port ?? TakenPort, failFast);
            o.MediaAddresses.Add(IPAddress.Loopback);
        }).UseInMemorySignaling();
        (configure ?? (camera => camera.UseTestPattern(64, 64)))(broadcaster);
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    private static BroadcasterHostedService Service(IHost host) => host.Services.GetServices<IHostedService>().OfType<BroadcasterHostedService>().Single();

    /// <summary>As Kestrel when its port is taken as well.</summary>
    private sealed class FailingService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new IOException("address already in use");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Its seconds are milliseconds.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1000 : dueTime, period);
    }

    private sealed class CountingLogger : ILoggerProvider, ILogger
    {
        private int _errors;

        public int Errors => Volatile.Read(ref _errors);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1601)
            {
                Interlocked.Increment(ref _errors);
            }
        }

        public void Dispose()
        {
        }
    }
}
