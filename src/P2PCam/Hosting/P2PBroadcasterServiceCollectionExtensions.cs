using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using P2PCam;
using P2PCam.Broadcasting;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers broadcasters.</summary>
public static class P2PBroadcasterServiceCollectionExtensions
{
    /// <summary>The name of the broadcaster that also resolves as an unkeyed <see cref="IBroadcaster"/>.</summary>
    public const string DefaultName = "default";

    /// <summary>
    /// Adds a camera that starts and stops with the host. Without further calls it shows the first camera, or a test pattern where there is
    /// none, to viewers that come by <c>MapP2PCam</c>.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">Key of the <see cref="IBroadcaster"/>, name of its options, and its stream. 1 to 64 letters, digits, '-', '_' or '.'.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The name is taken or not possible.</exception>
    public static IP2PBroadcasterBuilder AddP2PBroadcaster(this IServiceCollection services, string name = DefaultName, Action<BroadcasterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!SignalingLimits.IsStreamName(name))
        {
            throw new ArgumentException($"'{name}' is no name for a broadcaster: it takes 1 to 64 letters, digits, '-', '_' or '.'.", nameof(name));
        }

        if (services.Any(service => service.ImplementationInstance is BroadcasterRegistration other && other.Name == name))
        {
            throw new ArgumentException($"There is a broadcaster named '{name}' already; give the second one another name.", nameof(name));
        }

        var registration = new BroadcasterRegistration(name);
        services.AddSingleton(registration);
        services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
        if (name == DefaultName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IBroadcaster>(DefaultName));
        }

        services.TryAddSingleton<InMemorySignaling>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BroadcasterHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BroadcasterOptions>, BroadcasterOptionsValidator>());
        var options = services.AddOptionsWithValidateOnStart<BroadcasterOptions>(name).Configure(o => o.Stream = name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return new P2PBroadcasterBuilder(services, registration);
    }
}
