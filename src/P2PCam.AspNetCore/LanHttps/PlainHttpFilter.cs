using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Network;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Sends plain HTTP on to HTTPS, in front of everything else of the program.</summary>
internal sealed class PlainHttpFilter(LanHttpsOptions options, LocalIdentitySource identity, IServerCertificate certificate) : IStartupFilter
{
    private readonly HostGate _gate = new(identity, options.HostNames, () => certificate.OwnNames);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (!options.AllowHttp)
        {
            app.Use(HandleAsync);
        }

        next(app);
    };

    private Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.IsHttps)
        {
            return next(context);
        }

        if (!_gate.IsAllowed(context))
        {
            return HostGate.RefuseAsync(context);
        }

        context.Response.Headers.CacheControl = "no-store";
        if (request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase))
        {
            // The browser came by HTTPS already, to a proxy that is not believed: sending it there again would never end.
            return RefuseAsync(context, "P2P3018: a proxy says that this came by HTTPS, and asks by plain HTTP itself. Call UseP2PCamForwardedHeaders(), or have the proxy ask by https://; see docs/reverse-proxy.md.\n");
        }

        var target = $"https://{request.Host.Value}{request.PathBase}{request.Path}{request.QueryString}";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            // 307: temporary, because tomorrow the same host may serve plain HTTP.
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        }

        return RefuseAsync(context, "P2P3016: this port serves HTTPS. Open the same address with https:// in front.\n");
    }

    private static Task RefuseAsync(HttpContext context, string words)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words);
    }
}
