using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// Tells pages of our own from foreign ones. Browsers open WebSockets to any address on behalf of any page, but they say on whose
/// (RFC 6455 section 10.2).
/// </summary>
internal sealed class OriginGate(IEnumerable<string> allowedOrigins)
{
    private readonly HashSet<WebOrigin> _allowed = [.. allowedOrigins.Select(text => WebOrigin.TryParse(text, out var origin) ? origin : null).OfType<WebOrigin>()];

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

    private static bool IsSame(WebOrigin origin, HttpRequest request)
    {
        // A page that came unencrypted could have been changed on the way; it has no business on an encrypted connection.
        if (request.IsHttps && origin.Scheme != "https")
        {
            return false;
        }

        return WebOrigin.TryParse($"{origin.Scheme}://{request.Host.Value}", out var own) && own == origin;
    }
}
