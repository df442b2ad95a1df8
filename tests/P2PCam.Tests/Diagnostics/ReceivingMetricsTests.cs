using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace P2PCam.Tests.Diagnostics;

public class ReceivingMetricsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task WhatAViewerTells_IsWhatItsStatisticsSay()
    {
        await using var rig = new BroadcastRig();
        using var connections = rig.Count("p2pcam.receiver.connections");
        using var received = rig.Count("p2pcam.receiver.frames.received");
        using var decoded = rig.Count("p2pcam.receiver.frames.decoded");
        using var packets = rig.Count("p2pcam.receiver.packets.received");
        using var bytes = rig.Count("p2pcam.receiver.bytes.received");
        using var requests = rig.Count("p2pcam.receiver.key_frame.requests");
        using var durations = rig.Record("p2pcam.receiver.decode.duration");
        using var firstFrame = rig.Record("p2pcam.receiver.time_to_first_frame");
        using var receivers = rig.Count("p2pcam.receivers");
        await rig.Broadcaster.StartAsync();
        await using var viewer = rig.CreateViewer();
        await viewer.ConnectAsync();
        await ReadAsync(viewer, 5);
        receivers.RecordObservableInstruments();
        Assert.Equal((1, rig.Stream), (receivers.LastMeasurement!.Value, receivers.LastMeasurement.Tags["p2pcam.stream"]));
        await viewer.DisconnectAsync();

        var statistics = viewer.GetStatistics();
        Assert.Equal(statistics.Connections, Sum(connections));
        Assert.InRange(Sum(received), 5, long.MaxValue);
        Assert.Equal(statistics.FramesReceived, Sum(received));
        Assert.Equal(statistics.FramesDecoded, Sum(decoded));
        Assert.Equal(statistics.FramesDecoded, durations.GetMeasurementSnapshot().Count);
        Assert.Equal(statistics.PacketsReceived, Sum(packets));
        Assert.Equal(statistics.BytesReceived, Sum(bytes));
        Assert.Equal(statistics.KeyFrameRequests, Sum(requests));
        Assert.Equal(statistics.TimeToFirstFrame!.Value.TotalSeconds, Assert.Single(firstFrame.GetMeasurementSnapshot()).Value);
        Assert.All(received.GetMeasurementSnapshot(), measurement => Assert.Equal(rig.Stream, measurement.Tags["p2pcam.stream"]));
        receivers.RecordObservableInstruments();
        Assert.Single(receivers.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task AttemptThatFails_IsCountedByItsCode()
    {
        await using var rig = new BroadcastRig(configure: options => options.MaxViewers = 1);
        using var failures = rig.Count("p2pcam.receiver.failures");
        await rig.Broadcaster.StartAsync();
        await using var first = rig.CreateViewer();
        await first.ConnectAsync();
        await using var second = rig.CreateViewer();

        var error = await Assert.ThrowsAsync<P2PException>(() => second.ConnectAsync());

        Assert.Equal("P2P2110", error.Code);
        Assert.Equal("P2P2110", Assert.Single(failures.GetMeasurementSnapshot()).Tags["error.type"]);
    }

    [Fact]
    public async Task Viewer_TracesItsNegotiation()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == P2PCamTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var rig = new BroadcastRig();
        await rig.Broadcaster.StartAsync();
        await using var viewer = rig.CreateViewer();
        await viewer.ConnectAsync();
        await ReadAsync(viewer, 1);

        var trace = Assert.Single(stopped, activity => activity.OperationName == "p2pcam.watch" && (string?)activity.GetTagItem("p2pcam.stream") == rig.Stream);
        Assert.Equal((ActivityKind.Client, ActivityStatusCode.Ok), (trace.Kind, trace.Status));
        Assert.Equal(new[] { "answer", "connected", "dtls.connected", "ice.connected", "offer" }, trace.Events.Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    private static async Task ReadAsync(IViewer viewer, int pictures)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
        {
            frame.Dispose();
            if (--pictures == 0)
            {
                return;
            }
        }
    }

    private static long Sum(MetricCollector<long> collector) => collector.GetMeasurementSnapshot().Sum(measurement => measurement.Value);
}
