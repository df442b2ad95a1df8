using System.Collections.Concurrent;
using System.Diagnostics;

namespace P2PCam.Tests.Diagnostics;

public sealed class NegotiationTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public NegotiationTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == P2PCamTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task ViewerThatConnects_LeavesOneTraceWithItsSteps()
    {
        await using var rig = new BroadcastRig();
        await rig.Broadcaster.StartAsync();
        await using var viewer = await rig.WatchAsync();
        await viewer.NextFrameAsync();
        await viewer.NextFrameAsync();

        var trace = Assert.Single(TracesOf(rig));
        Assert.Equal(("p2pcam.negotiate", ActivityKind.Server, ActivityStatusCode.Ok), (trace.OperationName, trace.Kind, trace.Status));
        Assert.Equal("in-memory", trace.GetTagItem("p2pcam.signaling.transport"));
        Assert.Equal(rig.Broadcaster.Viewers[0].Id, trace.GetTagItem("p2pcam.viewer.id"));
        var steps = trace.Events.Select(e => e.Name).ToList();
        Assert.Equal(["offer", "answer"], steps.Take(2));
        Assert.Equal("connected", steps[^1]);
        Assert.Equal(new[] { "answer", "connected", "dtls.connected", "ice.connected", "offer" }, steps.Order(StringComparer.Ordinal));
        Assert.Null(trace.Parent);
    }

    [Fact]
    public async Task OfferThatIsRefused_LeavesATraceWithItsError()
    {
        await using var rig = new BroadcastRig();
        await rig.Broadcaster.StartAsync();
        var signaling = rig.Signaling.CreateTransport();
        await using var viewer = await Broadcasting.TestViewer.JoinAsync(signaling, rig.Stream);
        await signaling.SendAsync(new OfferMessage("v=0"));
        var refusal = await viewer.NextAsync<ErrorMessage>();

        var trace = Assert.Single(TracesOf(rig));
        Assert.Equal((ActivityStatusCode.Error, refusal.Message), (trace.Status, trace.StatusDescription));
        Assert.Equal("offer_refused", trace.GetTagItem("error.type"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task ViewerThatGoesBeforeItIsConnected_LeavesATraceThatSaysSo()
    {
        await using var rig = new BroadcastRig();
        using var failures = rig.Count("p2pcam.viewer.failures");
        await rig.Broadcaster.StartAsync();
        var signaling = rig.Signaling.CreateTransport();
        await using var viewer = await Broadcasting.TestViewer.JoinAsync(signaling, rig.Stream);
        await viewer.OfferOnlyAsync();
        await signaling.SendAsync(new ByeMessage("changed my mind"));
        await failures.WaitForMeasurementsAsync(1, TimeSpan.FromMinutes(1));
        await rig.Broadcaster.StopAsync();

        var trace = Assert.Single(TracesOf(rig));
        Assert.Equal(ActivityStatusCode.Error, trace.Status);
        Assert.Equal("abandoned", trace.GetTagItem("error.type"));
    }

    public void Dispose() => _listener.Dispose();

    private List<Activity> TracesOf(BroadcastRig rig) => [.. _stopped.Where(activity => (string?)activity.GetTagItem("p2pcam.stream") == rig.Stream)];
}
