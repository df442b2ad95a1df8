using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using P2PCam.Tests.Viewing;

namespace P2PCam.Tests.Diagnostics;

public class SourceMetricsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task SourceThatStalls_IsCountedOnce_AndItsSlatesAre()
    {
        var channel = new VideoFrameChannel(new VideoSourceDescription("test", "Test", 64, 64, 30));
        await using var rig = new BroadcastRig(channel, options => options.SourceStallTimeout = TimeSpan.FromSeconds(3));
        using var interruptions = rig.Count("p2pcam.source.interruptions");
        using var slates = rig.Count("p2pcam.slate.frames");
        using var states = rig.Count("p2pcam.source.state");
        await rig.Broadcaster.StartAsync();
        await using var viewer = await rig.WatchAsync();
        using (new FrameFeed(channel))
        {
            await viewer.NextFrameAsync();
            await UntilAsync(() => rig.Broadcaster.State == BroadcasterState.Live);
            Assert.Equal("live", StateOf(states));
        }

        await interruptions.WaitForMeasurementsAsync(1, Limit);
        await slates.WaitForMeasurementsAsync(2, Limit);
        var interruption = Assert.Single(interruptions.GetMeasurementSnapshot());
        Assert.Equal(("stalled", rig.Stream), (interruption.Tags["error.type"], interruption.Tags["p2pcam.stream"]));
        Assert.Equal("unavailable", StateOf(states));
        await rig.Broadcaster.StopAsync();
        Assert.Equal(rig.Broadcaster.Statistics.SlateFrames, slates.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
    }

    [Theory]
    [InlineData(true, "failed")]
    [InlineData(false, "ended")]
    public async Task SourceThatFailsOrEnds_IsCountedByReason(bool fails, string expected)
    {
        await using var rig = new BroadcastRig(new ShortSource(fails));
        using var interruptions = rig.Count("p2pcam.source.interruptions");
        await rig.Broadcaster.StartAsync();
        await interruptions.WaitForMeasurementsAsync(1, Limit);

        Assert.Equal(expected, interruptions.GetMeasurementSnapshot()[0].Tags["error.type"]);
    }

    [Fact]
    public async Task SourceThatNobodyWatches_IsIdle()
    {
        await using var rig = new BroadcastRig(configure: options => options.CameraOffWhenUnwatched = true);
        using var states = rig.Count("p2pcam.source.state");
        await rig.Broadcaster.StartAsync();
        await UntilAsync(() => rig.Broadcaster.State == BroadcasterState.Idle);

        Assert.Equal("idle", StateOf(states));
    }

    private static string StateOf(MetricCollector<long> states)
    {
        states.RecordObservableInstruments();
        var newest = states.GetMeasurementSnapshot(clear: true);
        Assert.Equal(4, newest.Count);
        return (string)Assert.Single(newest, measurement => measurement.Value == 1).Tags["p2pcam.source.state"]!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private sealed class ShortSource(bool fails) : IVideoSource
    {
        public VideoSourceDescription Description { get; } = new("short", "Short", 64, 64, 30);

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return VideoFrame.Copy(new byte[64 * 64 * 3 / 2], 64, 64, PixelFormat.I420, default);
            await Task.Yield();
            if (fails)
            {
                throw new VideoSourceException("P2P1099", "pulled out");
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}
