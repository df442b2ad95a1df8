using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace P2PCam;

/// <summary>
/// Says how cameras are: healthy while the source yields pictures, or is closed because nobody watches; degraded while it starts or is unavailable and being reopened; unhealthy (or what the
/// registration says) when the broadcaster is stopped. Of several the worst counts. In ASP.NET Core, <c>AddHealthChecks().AddP2PCam()</c> registers it.
/// </summary>
/// <param name="broadcasters">Whom to ask.</param>
public sealed class BroadcasterHealthCheck(params IReadOnlyList<IBroadcaster> broadcasters) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(Check(context.Registration?.FailureStatus ?? HealthStatus.Unhealthy));
    }

    internal HealthCheckResult Check(HealthStatus failureStatus)
    {
        var status = HealthStatus.Healthy;
        var troubles = new List<string>();
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var broadcaster in broadcasters)
        {
            var state = broadcaster.State;
            data[broadcaster.Stream] = state.ToString();
            if (Rate(state, failureStatus) is var rated && rated != HealthStatus.Healthy)
            {
                troubles.Add($"{broadcaster.Stream}: {Describe(state)}");
                status = rated < status ? rated : status;
            }
        }

        return new HealthCheckResult(status, troubles.Count == 0 ? null : string.Join("; ", troubles), null, data);
    }

    private static HealthStatus Rate(BroadcasterState state, HealthStatus failureStatus) => state switch
    {
        BroadcasterState.Live or BroadcasterState.Idle => HealthStatus.Healthy,
        BroadcasterState.Starting or BroadcasterState.SourceUnavailable => HealthStatus.Degraded,
        _ => failureStatus,
    };

    private static string Describe(BroadcasterState state) => state switch
    {
        BroadcasterState.Starting => "no picture yet",
        BroadcasterState.SourceUnavailable => "the source yields no pictures and is being reopened",
        BroadcasterState.Stopping => "stopping",
        _ => "stopped, or could not start",
    };
}
