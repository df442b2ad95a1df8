using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCam.AspNetCore;
using P2PCam.AspNetCore.Configuration;
using P2PCam.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>P2PCam by appsettings.json, environment variables, or whatever else configuration comes from.</summary>
public static class P2PCamConfigurationExtensions
{
    private const string Section = "P2PCam";
    private static readonly string[] Known = ["Broadcaster", "Endpoint", "LanHttps", "Tokens"];

    /// <summary>
    /// Binds all of a section at once: a broadcaster for each name below <c>Broadcaster</c> (or options for the one that the program adds), <see cref="P2PCamEndpointOptions"/>
    /// below <c>Endpoint</c>, and <see cref="P2PCamTokenOptions"/> below <c>Tokens</c>, which also makes tokens necessary. <c>LanHttps</c> is for <c>UseP2PCamLanHttps</c>. What is
    /// wrong with it ends the start with the key, the value and what would be right; see docs/configuration.md.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The section, <c>builder.Configuration.GetSection("P2PCam")</c>; of a whole configuration, the section of that name is taken.</param>
    /// <exception cref="OptionsValidationException">There is a key that does not exist, or a broadcaster that cannot be; the text names it.</exception>
    /// <exception cref="InvalidOperationException">A broadcaster would have two sources.</exception>
    public static IServiceCollection AddP2PCam(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration is IConfigurationSection ? configuration : configuration.GetSection(Section);
        SettingWords.ThrowIfAny(
            "",
            typeof(P2PCamEndpointOptions),
            [.. section.GetChildren().Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)).Select(child => SettingWords.Unknown(child.Path, child.Key, Known))]);

        services.AddP2PBroadcasters(section.GetSection("Broadcaster"));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<P2PCamEndpointOptions>, P2PCamEndpointOptionsValidator>());
        services.AddOptionsWithValidateOnStart<P2PCamEndpointOptions>().Configure(options => Bind(section.GetSection("Endpoint"), EndpointSettings.Table, options));
        if (section.GetSection("Tokens") is var tokens && tokens.GetChildren().Any())
        {
            services.AddP2PCamTokens(options => Bind(tokens, TokenSettings.Table, options));
        }

        return services;
    }

    /// <exception cref="OptionsValidationException">Something in the section is wrong.</exception>
    internal static void Bind<T>(IConfiguration section, SettingTable<T> table, T options) => SettingWords.ThrowIfAny("", typeof(T), table.Apply(section, options));
}
