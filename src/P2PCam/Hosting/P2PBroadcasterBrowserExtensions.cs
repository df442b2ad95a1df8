using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using P2PCam;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Browsers as cameras.</summary>
public static class P2PBroadcasterBrowserExtensions
{
    /// <summary>
    /// Shows what a browser publishes by WHIP, on the page <c>/camera</c> that <c>MapP2PCam</c> serves. The source is also a keyed service of the broadcaster's name, and the
    /// default broadcaster's resolves without a key.
    /// </summary>
    /// <param name="builder">What <c>AddP2PBroadcaster</c> returned.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IP2PBroadcasterBuilder UseBrowserCamera(this IP2PBroadcasterBuilder builder, Action<BrowserCameraOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        builder.UseEncodedVideoSource("UseBrowserCamera()", services => services.GetRequiredKeyedService<BrowserCameraSource>(name));
        builder.Services.AddSingleton(new BrowserCameraRegistration(name));
        builder.Services.AddKeyedSingleton(name, (services, _) =>
        {
            var options = new BrowserCameraOptions();
            configure?.Invoke(options);
            return new BrowserCameraSource(options, services.GetService<TimeProvider>(), services.GetService<ILoggerFactory>());
        });
        if (name == P2PBroadcasterServiceCollectionExtensions.DefaultName)
        {
            builder.Services.TryAddSingleton(services => services.GetRequiredKeyedService<BrowserCameraSource>(name));
        }

        return builder;
    }
}
