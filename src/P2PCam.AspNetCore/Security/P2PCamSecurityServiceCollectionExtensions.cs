using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCam.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what decides who may watch.</summary>
public static class P2PCamSecurityServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="P2PCamTokens"/> as a service and makes <c>MapP2PCam</c> ask for them. What is wrong with a key is an
    /// <see cref="ArgumentException"/> when the endpoints are mapped.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets the keys; without any, links work until the program ends.</param>
    public static IServiceCollection AddP2PCamTokens(this IServiceCollection services, Action<P2PCamTokenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<P2PCamTokenOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(provider =>
        {
            var keys = provider.GetRequiredService<IOptions<P2PCamTokenOptions>>().Value.Keys;
            return new P2PCamTokens(keys.Count > 0 ? keys : [P2PCamTokens.CreateKey()], provider.GetService<TimeProvider>());
        });
        return services;
    }
}
