using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore;
using P2PCam.AspNetCore.Proxies;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Behind a reverse proxy.</summary>
public static class ForwardedHeadersWebApplicationBuilderExtensions
{
    /// <summary>
    /// Takes the word of the proxies in front of this program for who asks, by which scheme, host and path: <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>,
    /// <c>-Port</c> and <c>-Prefix</c>, or <c>Forwarded</c>. It works ahead of everything else of the program. Without this call nothing of that is read; see docs/reverse-proxy.md.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="configure">Says where the proxies are, if not on this machine.</param>
    /// <exception cref="ArgumentException">A known proxy is neither an address nor a network.</exception>
    public static WebApplicationBuilder UseP2PCamForwardedHeaders(this WebApplicationBuilder builder, Action<P2PCamForwardedHeadersOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new P2PCamForwardedHeadersOptions();
        configure?.Invoke(options);
        var proxies = new KnownProxies(options.KnownProxies);

        builder.Services.AddSingleton(proxies);

        // In front of the filter that sends plain HTTP on to HTTPS, in whichever order the two are asked for.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(services => ActivatorUtilities.CreateInstance<ForwardedHeadersFilter>(services, options)));
        return builder;
    }
}
