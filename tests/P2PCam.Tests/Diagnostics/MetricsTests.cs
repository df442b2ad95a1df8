using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Diagnostics;

public class MetricsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task ViewerThatWatches_IsCountedAndMeasured()
    {
        await using var rig = new BroadcastRig();
        using var joins = rig.Count("p2pcam.viewer.joins");
        using var viewers = rig.Count("p2pcam.viewers");
        using var target = rig.Count("p2pcam.bitrate.target");
        using var connecting = rig.Record("p2pcam.viewer.connect.duration");
        using var firstFrame = rig.Record("p2pcam.viewer.time_to_first_frame");
        using var roundTrip = rig.Record("p2pcam.viewer.rtt");
        using var loss = rig.Record("p2pcam.viewer.packet_loss");
        await rig.Broadcaster.StartAsync();
        await using var viewer = await rig.WatchAsync();
        await viewer.NextFrameAsync();

        await Task.WhenAll(new[] { connecting, firstFrame, roundTrip, loss }.Select(collector => collector.WaitForMeasurementsAsync(1, Limit)));
        viewers.RecordObservableInstruments();
        target.RecordObservableInstruments();

        var join = Assert.Single(joins.GetMeasurementSnapshot());
        Assert.Equal((1, rig.Stream, "in-memory"), (join.Value, join.Tags["p2pcam.stream"], join.Tags["p2pcam.signaling.transport"]));
        Assert.Equal((1, rig.Stream), (viewers.LastMeasurement!.Value, viewers.LastMeasurement.Tags["p2pcam.stream"]));
        Assert.Equal(300_000, target.LastMeasurement!.Value);
        Assert.InRange(connecting.LastMeasurement!.Value, double.Epsilon, 60);
        Assert.InRange(firstFrame.LastMeasurement!.Value, connecting.LastMeasurement.Value, 60);
        Assert.InRange(roundTrip.LastMeasurement!.Value, double.Epsilon, 60);
        Assert.InRange(loss.LastMeasurement!.Value, 0, 1);
    }

    [Fact]
    public async Task WhatIsCounted_IsWhatTheStatisticsSay()
    {
        await using var rig = new BroadcastRig();
        using var captured = rig.Count("p2pcam.frames.captured");
        using var encoded = rig.Count("p2pcam.frames.encoded");
        using var dropped = rig.Count("p2pcam.frames.dropped");
        using var durations = rig.Record("p2pcam.encode.duration");
        using var sent = rig.Count("p2pcam.frames.sent");
        using var packets = rig.Count("p2pcam.packets.sent");
        using var resent = rig.Count("p2pcam.packets.resent");
        using var bytes = rig.Count("p2pcam.bytes.sent");
        using var requests = rig.Count("p2pcam.key_frame.requests");
        ViewerInfo? left = null;
        var leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Broadcaster.ViewerLeft += (_, e) =>
        {
            left = e.Viewer;
            leaving.SetResult();
        };
        await rig.Broadcaster.StartAsync();
        await UntilAsync(() => rig.Broadcaster.Statistics.FramesDropped > 0); // nobody watches yet
        await using (var viewer = await rig.WatchAsync())
        {
            for (var i = 0; i < 5; i++)
            {
                await viewer.NextFrameAsync();
            }

            viewer.Close();
            await leaving.Task.WaitAsync(Limit);
        }

        await rig.Broadcaster.StopAsync();

        var statistics = rig.Broadcaster.Statistics;
        Assert.Equal(statistics.FramesCaptured, Sum(captured));
        Assert.Equal(statistics.FramesEncoded, Sum(encoded));
        Assert.Equal(statistics.KeyFrames, Sum(encoded, "p2pcam.frame.type", "key"));
        Assert.Equal(statistics.FramesDropped, Sum(dropped) - Sum(dropped, "p2pcam.drop.reason", "viewer_behind"));
        Assert.InRange(Sum(dropped, "p2pcam.drop.reason", "unwatched"), 1, long.MaxValue);
        Assert.Equal(statistics.FramesEncoded, durations.GetMeasurementSnapshot().Count);
        Assert.Equal(left!.FramesSent, Sum(sent));
        Assert.Equal(left.PacketsSent, Sum(packets));
        Assert.Equal(left.PacketsResent, Sum(resent));
        Assert.Equal(left.BytesSent, Sum(bytes));
        Assert.Equal(left.KeyFrameRequests, Sum(requests));
        Assert.Equal(left.FramesDropped, Sum(dropped, "p2pcam.drop.reason", "viewer_behind"));
    }

    [Fact]
    public async Task StoppedBroadcaster_IsNotObservedAnyMore()
    {
        await using var rig = new BroadcastRig();
        using var viewers = rig.Count("p2pcam.viewers");
        await rig.Broadcaster.StartAsync();
        viewers.RecordObservableInstruments();
        Assert.Equal(0, Assert.Single(viewers.GetMeasurementSnapshot(true)).Value);

        await rig.Broadcaster.StopAsync();
        viewers.RecordObservableInstruments();

        Assert.Empty(viewers.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task TwoBroadcasters_ShareTheMeterAndDifferByStream()
    {
        await using var rig = new BroadcastRig();
        await using var other = Broadcaster.Create(
            new TestPatternSource(320, 180), rig.Signaling.CreateTransport(), new BroadcasterOptions { Stream = "other", MediaPort = 0, IncludeLoopback = true }, meterFactory: rig.MeterFactory);
        using var viewers = rig.Count("p2pcam.viewers");
        await rig.Broadcaster.StartAsync();
        await other.StartAsync();

        viewers.RecordObservableInstruments();

        Assert.Equal(new[] { "other", rig.Stream }, viewers.GetMeasurementSnapshot().Select(measurement => (string)measurement.Tags["p2pcam.stream"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ViewersThatAreRefused_AreFailuresByReason()
    {
        await using var rig = new BroadcastRig(configure: options => options.MaxViewers = 1);
        using var failures = rig.Count("p2pcam.viewer.failures");
        using var joins = rig.Count("p2pcam.viewer.joins");
        await rig.Broadcaster.StartAsync();
        var signaling = rig.Signaling.CreateTransport();
        await using var refused = await Broadcasting.TestViewer.JoinAsync(signaling, rig.Stream);
        await signaling.SendAsync(new OfferMessage("v=0"));
        await refused.NextAsync<ErrorMessage>();
        await using var first = await rig.WatchAsync();
        await first.NextEventAsync(PeerSessionEventKind.Connected);
        await signaling.SendAsync(new OfferMessage("v=0"));
        await refused.NextAsync<ErrorMessage>();

        Assert.Equal(["offer_refused", "full"], failures.GetMeasurementSnapshot().Select(measurement => measurement.Tags["error.type"]));
        await joins.WaitForMeasurementsAsync(1, Limit);
    }

    [Fact]
    public async Task ViewerThatNeverConnects_IsAFailure()
    {
        var time = new FakeTimeProvider();
        await using var rig = new BroadcastRig(time: time);
        using var failures = rig.Count("p2pcam.viewer.failures");
        await rig.Broadcaster.StartAsync();
        await using var viewer = await Broadcasting.TestViewer.JoinAsync(rig.Signaling.CreateTransport(), rig.Stream);
        await viewer.OfferOnlyAsync();

        var waited = Stopwatch.StartNew();
        while (failures.GetMeasurementSnapshot().Count == 0 && waited.Elapsed < Limit)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(1);
        }

        Assert.Contains((string)Assert.Single(failures.GetMeasurementSnapshot()).Tags["error.type"]!, new[] { "connect_timeout", "ice_failed" });
    }

    [Fact]
    public async Task SourceThatEnds_IsCountedAsRestarted()
    {
        var source = new Mock<IVideoSource>();
        source.SetupGet(s => s.Description).Returns(new VideoSourceDescription("fake", "Fake", 64, 64, 30));
        source.Setup(s => s.ReadFramesAsync(It.IsAny<CancellationToken>())).Returns((CancellationToken ct) => NoFrames(ct));
        await using var rig = new BroadcastRig(source.Object);
        using var restarts = rig.Count("p2pcam.source.restarts");
        await rig.Broadcaster.StartAsync();

        await restarts.WaitForMeasurementsAsync(2, Limit);

        Assert.All(restarts.GetMeasurementSnapshot(), measurement => Assert.Equal((1, rig.Stream), (measurement.Value, measurement.Tags["p2pcam.stream"])));
    }

    [Fact]
    public async Task SignalingThatComesBack_IsCounted()
    {
        var transport = new Mock<ISignalingTransport>();
        transport.SetupGet(t => t.Name).Returns("flaky");
        transport.Setup(t => t.ReadAllAsync(It.IsAny<CancellationToken>())).Returns((CancellationToken ct) => NoMessages(ct));
        await using var rig = new BroadcastRig(signaling: transport.Object);
        using var reconnects = rig.Count("p2pcam.signaling.reconnects");
        await rig.Broadcaster.StartAsync();

        await reconnects.WaitForMeasurementsAsync(1, Limit);

        Assert.Equal("flaky", reconnects.GetMeasurementSnapshot()[0].Tags["p2pcam.signaling.transport"]);
    }

    private static async IAsyncEnumerable<VideoFrame> NoFrames([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield break;
    }

    private static async IAsyncEnumerable<SignalingMessage> NoMessages([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield break;
    }

    private static long Sum(MetricCollector<long> collector) => collector.GetMeasurementSnapshot().Sum(measurement => measurement.Value);

    private static long Sum(MetricCollector<long> collector, string tag, string value) =>
        collector.GetMeasurementSnapshot().Where(measurement => (string?)measurement.Tags.GetValueOrDefault(tag) == value).Sum(measurement => measurement.Value);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
