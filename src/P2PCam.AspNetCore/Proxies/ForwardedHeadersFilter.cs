using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>
/// Makes of a request what it was when it reached the first proxy: who asked, by which scheme, which host, below which path. Ahead of everything else of the program, so that
/// redirects, gates and limits see that too. The headers stay, as a mark that the request came from elsewhere.
/// </summary>
internal sealed partial class ForwardedHeadersFilter(P2PCamForwardedHeadersOptions options, KnownProxies proxies, ILogger<ForwardedHeadersFilter> logger) : IStartupFilter
{
    private int _warned;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            Apply(context);
            return rest(context);
        });
        next(app);
    };

    internal void Apply(HttpContext context)
    {
        var headers = context.Request.Headers;

        // Who comes by a Unix socket or a named pipe has no address, and is on this machine.
        if (!proxies.Contains(context.Connection.RemoteIpAddress ?? IPAddress.Loopback))
        {
            if (headers.ContainsKey(options.ReadForwarded ? "Forwarded" : ForwardedReader.For) && Interlocked.Exchange(ref _warned, 1) == 0)
            {
                LogUnknownProxy();
            }

            return;
        }

        foreach (var hop in options.ReadForwarded ? ForwardedReader.ReadStandard(headers) : ForwardedReader.ReadX(headers))
        {
            Apply(context, hop);

            // What stands before an address that is none of our proxies, that one may have written itself.
            if (!proxies.Contains(hop.For?.Address))
            {
                break;
            }
        }
    }

    private static void Apply(HttpContext context, ForwardedHop hop)
    {
        var request = context.Request;
        if (hop.For is { } client)
        {
            (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (client.Address, client.Port);
        }

        request.Scheme = hop.Scheme ?? request.Scheme;
        if (hop.Host is { } host)
        {
            request.Host = new HostString(host);
        }

        if (hop.Port is { } port && request.Host.HasValue && request.Host.Port is null && port != (request.Scheme == "https" ? 443 : 80))
        {
            request.Host = new HostString(request.Host.Host, port);
        }

        if (hop.Prefix is { } prefix)
        {
            request.PathBase = new PathString(prefix);
            context.Features.Set(ForwardedPrefixFeature.Instance);
        }
    }

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "P2P3019: forwarded headers came from an address that is no known proxy, and were not read. If it is your proxy, add its address to KnownProxies (in containers, the network's, such as 172.16.0.0/12).")]
    private partial void LogUnknownProxy();
}
