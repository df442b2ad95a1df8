using Microsoft.Extensions.Diagnostics.HealthChecks;
using P2PCam;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks for cameras.</summary>
public static class P2PCamHealthChecksBuilderExtensions
{
    /// <summary>Adds one check for all broadcasters that <c>AddP2PBroadcaster</c> registered, before or after; see <see cref="BroadcasterHealthCheck"/>.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What a stopped broadcaster means; null for unhealthy.</param>
    /// <param name="tags">To choose checks by.</param>
    public static IHealthChecksBuilder AddP2PCam(
        this IHealthChecksBuilder builder, string name = "p2pcam", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, CreateCheck, failureStatus, tags));
    }

    internal static BroadcasterHealthCheck CreateCheck(IServiceProvider services) =>
        new([.. services.GetServices<BroadcasterRegistration>().Select(registration => services.GetRequiredKeyedService<IBroadcaster>(registration.Name))]);
}
