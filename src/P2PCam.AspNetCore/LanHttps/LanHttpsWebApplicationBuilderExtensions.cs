using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCam;
using P2PCam.AspNetCore;
using P2PCam.AspNetCore.Configuration;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;
using P2PCam.AspNetCore.Proxies;

namespace Microsoft.AspNetCore.Builder;

/// <summary>HTTPS on a local network without a ritual.</summary>
public static class LanHttpsWebApplicationBuilderExtensions
{
    /// <summary>
    /// Listens on one port, on all addresses, for HTTPS; plain HTTP on that port is sent on to HTTPS. The certificate comes from an authority
    /// of this user and machine, made at first start, which can vouch for private names and addresses only; see docs/lan-https.md.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="port">TCP port, 0 to 65535; 0 takes any free port.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is impossible.</exception>
    /// <remarks>Certificates are made or loaded when the server starts; what is wrong with them is a <see cref="P2PException"/> then, P2P3011 to P2P3014.</remarks>
    public static WebApplicationBuilder UseP2PCamLanHttps(this WebApplicationBuilder builder, int port = 3000, Action<LanHttpsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new LanHttpsOptions { Port = port };
        configure?.Invoke(options);
        return builder.UseP2PCamLanHttps(options);
    }

    /// <summary>The same with port, folder, names and certificate from configuration, for example <c>builder.Configuration.GetSection("P2PCam:LanHttps")</c>.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="section">The keys of <see cref="LanHttpsOptions"/>; see docs/configuration.md.</param>
    /// <param name="configure">Changes what they say.</param>
    /// <exception cref="OptionsValidationException">A key does not exist, or a value is none; the text names both.</exception>
    public static WebApplicationBuilder UseP2PCamLanHttps(this WebApplicationBuilder builder, IConfiguration section, Action<LanHttpsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        var options = new LanHttpsOptions();
        P2PCamConfigurationExtensions.Bind(section, LanHttpsSettings.Table, options);
        configure?.Invoke(options);
        return builder.UseP2PCamLanHttps(options);
    }

    private static WebApplicationBuilder UseP2PCamLanHttps(this WebApplicationBuilder builder, LanHttpsOptions options)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(LanHttpsInfo)))
        {
            throw new InvalidOperationException("UseP2PCamLanHttps() was called before: one program has one port and one certificate for the local network. Remove one of the calls.");
        }

        if (options.Port is < 0 or > 65535)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Port, "A port is 0 to 65535.");
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => new LocalIdentitySource(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => CreateCertificate(options, services));
        builder.Services.AddSingleton(services => new LanHttpsInfo(options, services.GetRequiredService<IServer>(), services.GetRequiredService<IServerCertificate>()));
        builder.Services.AddTransient<IStartupFilter>(services => new PlainHttpFilter(options, services.GetRequiredService<LocalIdentitySource>(), services.GetRequiredService<IServerCertificate>()));
        // One number for page and video, and for the firewall.
        builder.Services.ConfigureAll<BroadcasterOptions>(broadcaster => broadcaster.DefaultMediaPort = options.Port);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        return builder;
    }

    private static IServerCertificate CreateCertificate(LanHttpsOptions options, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("P2PCam.AspNetCore.LanHttps");
        return options.CertificatePath is null
            ? new LanCertificate(options, services.GetRequiredService<LocalIdentitySource>(), time, logger)
            : new UserCertificate(options, time, logger);
    }

    private static void Listen(KestrelServerOptions kestrel, LanHttpsOptions options)
    {
        kestrel.UseP2PCamLimits();
        kestrel.ListenAnyIP(options.Port, listen => listen.UseTlsOrPlain(
            CreateTls(kestrel), kestrel.ApplicationServices.GetRequiredService<TimeProvider>(), kestrel.ApplicationServices.GetService<KnownProxies>()));
    }

    private static TlsHandshakeCallbackOptions CreateTls(KestrelServerOptions kestrel)
    {
        var certificate = kestrel.ApplicationServices.GetRequiredService<IServerCertificate>();
        _ = certificate.Current; // whatever is wrong with it shows at start, not at the first visit
        return new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = P2PCamKestrelServerOptionsExtensions.SlowRequest,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        };
    }
}
