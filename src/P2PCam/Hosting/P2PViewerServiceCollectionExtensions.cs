using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCam;
using P2PCam.Hosting;
using P2PCam.Viewing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers viewers.</summary>
public static class P2PViewerServiceCollectionExtensions
{
    /// <summary>The name of the viewer that also resolves as an unkeyed <see cref="IViewer"/>.</summary>
    public const string DefaultViewerName = "default";

    /// <summary>
    /// Adds a viewer. Whoever wants pictures calls <see cref="IViewer.ConnectAsync"/>: unlike a broadcaster it does not start with the host, because a camera
    /// that is away should not hold up, or end, a program that has other things to do. Without further calls it finds broadcasters of this process.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">Key of the <see cref="IViewer"/>, name of its options, and its stream. 1 to 64 letters, digits, '-', '_' or '.'.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The name is taken or not possible.</exception>
    public static IP2PViewerBuilder AddP2PViewer(this IServiceCollection services, string name = DefaultViewerName, Action<ViewerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!SignalingLimits.IsStreamName(name))
        {
            throw new ArgumentException($"'{name}' is no name for a viewer: it takes 1 to 64 letters, digits, '-', '_' or '.'.", nameof(name));
        }

        if (services.Any(service => service.ImplementationInstance is ViewerRegistration other && other.Name == name))
        {
            throw new ArgumentException($"There is a viewer named '{name}' already; give the second one another name, and the same Stream in its options.", nameof(name));
        }

        var registration = new ViewerRegistration(name);
        services.AddSingleton(registration);
        services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
        if (name == DefaultViewerName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IViewer>(DefaultViewerName));
        }

        services.TryAddSingleton<InMemorySignaling>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ViewerOptions>, ViewerOptionsValidator>());
        var options = services.AddOptionsWithValidateOnStart<ViewerOptions>(name).Configure(o => o.Stream = name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return new P2PViewerBuilder(services, registration);
    }
}
