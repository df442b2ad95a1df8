using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using P2PCam;
using P2PCam.Broadcasting;
using P2PCam.Configuration;
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

        var registration = Find(services, name);
        if (registration is { IsOnlyConfigured: false })
        {
            throw new ArgumentException($"There is a broadcaster named '{name}' already; give the second one another name.", nameof(name));
        }

        if (registration is null)
        {
            registration = new BroadcasterRegistration(name);
            Register(services, registration);
        }

        registration.IsOnlyConfigured = false;
        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        return new P2PBroadcasterBuilder(services, registration);
    }

    /// <summary>
    /// Adds a broadcaster for each name below a section of configuration, and sets the options of those that the program adds itself; see docs/configuration.md. What is called
    /// later wins, as with all options. A key that does not exist and a value that is none end the start, in words.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="broadcasters">For example <c>builder.Configuration.GetSection("P2PCam:Broadcaster")</c>.</param>
    /// <exception cref="OptionsValidationException">A name is none, or what is to be shown is not known; the text names the key.</exception>
    /// <exception cref="InvalidOperationException">A broadcaster would have two sources.</exception>
    public static IServiceCollection AddP2PBroadcasters(this IServiceCollection services, IConfiguration broadcasters)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(broadcasters);
        foreach (var section in broadcasters.GetChildren())
        {
            var name = section.Key;
            if (!SignalingLimits.IsStreamName(name) || !(section.GetChildren().Any() || string.IsNullOrEmpty(section.Value)))
            {
                throw new OptionsValidationException(
                    name, typeof(BroadcasterOptions), [$"{section.Path} is no broadcaster: it takes a name of 1 to 64 letters, digits, '-', '_' or '.', and settings below that."]);
            }

            var registration = Find(services, name, StringComparison.OrdinalIgnoreCase); // as keys of configuration are compared
            if (registration is null)
            {
                registration = new BroadcasterRegistration(name) { IsOnlyConfigured = true };
                Register(services, registration);
            }

            name = registration.Name;
            registration.Caller = $"{section.Path}:Source";
            SourceSettings.Apply(section, new P2PBroadcasterBuilder(services, registration));
            registration.Caller = null;
            services.Configure<BroadcasterOptions>(name, options =>
                SettingWords.ThrowIfAny(name, typeof(BroadcasterOptions), BroadcasterSettings.Table.Apply(section, options, SourceSettings.Table.Names)));
        }

        return services;
    }

    private static BroadcasterRegistration? Find(IServiceCollection services, string name, StringComparison comparison = StringComparison.Ordinal) =>
        services.Select(service => service.ImplementationInstance).OfType<BroadcasterRegistration>().FirstOrDefault(other => other.Name.Equals(name, comparison));

    private static void Register(IServiceCollection services, BroadcasterRegistration registration)
    {
        var name = registration.Name;
        services.AddSingleton(registration);
        services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
        if (name == DefaultName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IBroadcaster>(DefaultName));
        }

        services.TryAddSingleton<InMemorySignaling>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BroadcasterHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BroadcasterOptions>, BroadcasterOptionsValidator>());
        services.AddOptionsWithValidateOnStart<BroadcasterOptions>(name).Configure(o => o.Stream = name);
    }
}
