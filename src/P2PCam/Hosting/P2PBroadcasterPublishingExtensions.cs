using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using P2PCam;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Broadcasters that publish their stream elsewhere as well.</summary>
public static class P2PBroadcasterPublishingExtensions
{
    /// <summary>Publishes the stream to a WHIP endpoint as long as the host runs, besides showing it to viewers; call it again for several. See <see cref="WhipUplink"/>.</summary>
    /// <param name="builder">What <c>AddP2PBroadcaster</c> returned.</param>
    /// <param name="endpoint">For example <c>https://sfu.example.org/whip/workshop</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IP2PBroadcasterBuilder AddWhipUplink(this IP2PBroadcasterBuilder builder, Uri endpoint, Action<WhipUplinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoint);
        builder.Services.AddSingleton(new WhipUplinkRegistration(builder.Name, endpoint, configure));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WhipUplinkHostedService>());
        return builder;
    }
}
