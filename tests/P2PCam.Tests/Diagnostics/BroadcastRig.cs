using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace P2PCam.Tests.Diagnostics;

/// <summary>A broadcaster on loopback with a meter factory of its own, so that tests at the same time do not count into each other.</summary>
internal sealed class BroadcastRig : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public BroadcastRig(IVideoSource? source = null, Action<BroadcasterOptions>? configure = null, TimeProvider? time = null, ISignalingTransport? signaling = null, ILoggerFactory? loggers = null)
    {
        // A busy machine must not look like a camera that stands still.
        var options = new BroadcasterOptions { Stream = Stream, MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 300_000, SourceStallTimeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        Broadcaster = P2PCam.Broadcaster.Create(source ?? new TestPatternSource(320, 180), signaling ?? Signaling.CreateTransport(), options, time, loggers, MeterFactory);
    }

    public string Stream { get; } = "s" + Guid.NewGuid().ToString("N");

    public InMemorySignaling Signaling { get; } = new();

    public IBroadcaster Broadcaster { get; }

    public IMeterFactory MeterFactory => _services.GetRequiredService<IMeterFactory>();

    public MetricCollector<long> Count(string name) => new(MeterFactory, P2PCamTelemetry.MeterName, name);

    public MetricCollector<double> Record(string name) => new(MeterFactory, P2PCamTelemetry.MeterName, name);

    public async Task<Broadcasting.TestViewer> WatchAsync()
    {
        var viewer = await Broadcasting.TestViewer.JoinAsync(Signaling.CreateTransport(), Stream);
        await viewer.WatchAsync();
        return viewer;
    }

    public IViewer CreateViewer() =>
        Viewer.Create(Signaling.CreateTransport(), new ViewerOptions { Stream = Stream, MediaAddresses = { IPAddress.Loopback } }, meterFactory: MeterFactory);

    public async ValueTask DisposeAsync()
    {
        await Broadcaster.DisposeAsync();
        await _services.DisposeAsync();
    }
}
