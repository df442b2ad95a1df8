using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;

namespace P2PCam.Tests.Diagnostics;

public class BroadcasterHealthCheckTests
{
    [Theory]
    [InlineData(BroadcasterState.Live, HealthStatus.Healthy)]
    [InlineData(BroadcasterState.Idle, HealthStatus.Healthy)]
    [InlineData(BroadcasterState.Starting, HealthStatus.Degraded)]
    [InlineData(BroadcasterState.SourceUnavailable, HealthStatus.Degraded)]
    [InlineData(BroadcasterState.Stopping, HealthStatus.Unhealthy)]
    [InlineData(BroadcasterState.Stopped, HealthStatus.Unhealthy)]
    public async Task EachState_HasItsHealth(BroadcasterState state, HealthStatus expected)
    {
        var result = await CheckAsync(null, Camera("yard", state));

        Assert.Equal(expected, result.Status);
        Assert.Equal(state.ToString(), result.Data["yard"]);
        Assert.Equal(expected == HealthStatus.Healthy, result.Description is null);
    }

    [Fact]
    public async Task SeveralCameras_TheWorstCountsAndIsNamed()
    {
        var result = await CheckAsync(null, Camera("a", BroadcasterState.SourceUnavailable), Camera("b", BroadcasterState.Stopped), Camera("c", BroadcasterState.Live));

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("a: the source yields no pictures and is being reopened; b: stopped, or could not start", result.Description);
    }

    [Fact]
    public async Task FailureStatusOfTheRegistration_IsWhatStoppedMeans() =>
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(HealthStatus.Degraded, Camera("a", BroadcasterState.Stopped))).Status);

    [Fact]
    public async Task RealCamera_IsHealthyWhileItShowsAndUnhealthyAfterwards()
    {
        await using var rig = new BroadcastRig();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(null, rig.Broadcaster)).Status);
        await rig.Broadcaster.StartAsync();
        await using var viewer = await rig.WatchAsync();
        await viewer.NextFrameAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(null, rig.Broadcaster)).Status);
        await rig.Broadcaster.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(null, rig.Broadcaster)).Status);
    }

    private static IBroadcaster Camera(string stream, BroadcasterState state) => Mock.Of<IBroadcaster>(camera => camera.Stream == stream && camera.State == state);

    private static Task<HealthCheckResult> CheckAsync(HealthStatus? failureStatus, params IBroadcaster[] cameras)
    {
        var check = new BroadcasterHealthCheck(cameras);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("camera", check, failureStatus, null) });
    }
}
