using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// Tells pages of our own from foreign ones. Browsers open WebSockets to any address on behalf of any page, but they say on whose
/// (RFC 6455 section 10.2).
/// </summary>
internal sealed class OriginGate(IEnumerable<string> allowedOrigins)
{
    private readonly HashSet<WebOrigin> _allowed = [.. allowedOrigins.Select(text => WebOrigin.TryParseOption(text, out var origin) ? origin : null).OfType<WebOrigin>()];

    /// <summary>Whether the request comes from a page of the same host and port, an allowed one, or a program that is no browser.</summary>
    public bool IsAllowed(HttpRequest request)
    {
        var header = request.Headers.Origin;
        if (header.Count == 0)
        {
            return true;
        }

        return header.Count == 1
            && WebOrigin.TryParse(header[0], out var origin)
            && (_allowed.Contains(origin) || IsSame(origin, request));
    }

    /// <summary>Why a page is foreign: the two origins that differ, and what would make them one.</summary>
    public static string Explain(HttpRequest request)
    {
        if (request.Headers.Origin.Count != 1 || !WebOrigin.TryParse(request.Headers.Origin[0], out var origin))
        {
            return "the page does not say of which origin it is (a sandboxed frame, a file, a redirect in between), so nothing can allow it. Serve it from an address of its own, and add that to AllowedOrigins.";
        }

        var own = WebOrigin.TryParse($"{request.Scheme}://{request.Host.Value}", out var parsed) ? parsed.ToString() : "an address that cannot be read";
        return $"the page is of {origin}, and it asks {own}. If these are one host behind a proxy, have the proxy hand on the Host header with its port (nginx: proxy_set_header Host $http_host;), "
            + $"or X-Forwarded-Host, and read it by UseP2PCamForwardedHeaders(); see docs/reverse-proxy.md. If it is another page that may use this camera, add \"{origin}\" to AllowedOrigins.";
    }

    private static bool IsSame(WebOrigin origin, HttpRequest request)
    {
        // A page that came unencrypted could have been changed on the way; it has no business on an encrypted connection.
        if (request.IsHttps && origin.Scheme != "https")
        {
            return false;
        }

        // Proxies that hand on the host without its port leave two origins to compare that differ. Where the browser itself has compared, its word holds: no page can set this
        // header (Fetch Metadata section 2.3). Another host is never the same: who asks under a foreign name may have made that name point here.
        return WebOrigin.TryParse($"{origin.Scheme}://{request.Host.Value}", out var own)
            && (own == origin || (own.Host == origin.Host && request.Headers["Sec-Fetch-Site"] is ["same-origin"]));
    }
}
