using Microsoft.AspNetCore.SignalR;
using P2PCam.AspNetCore.Signaling;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>SignalR for P2PCam's hub.</summary>
public static class P2PCamSignalRServiceCollectionExtensions
{
    /// <summary>
    /// Adds SignalR as the signaling hub of <c>MapP2PCam</c> wants it. Needed only to go on from there, for example with
    /// <c>.AddStackExchangeRedis("localhost:6379")</c>: without it, <c>MapP2PCam</c> brings a SignalR of its own.
    /// </summary>
    public static ISignalRServerBuilder AddP2PCamSignalR(this IServiceCollection services) => SignalingHubEndpoint.AddHub(services);
}
