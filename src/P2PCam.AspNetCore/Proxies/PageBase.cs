using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>
/// Where <c>MapP2PCam</c>'s endpoints lie, seen from one of them. Relative wherever that is enough: a proxy may hand on only the end of the path that the browser asked for, and
/// the end is all that a relative reference needs (RFC 3986 section 5.2).
/// </summary>
internal static class PageBase
{
    /// <summary>What leads from a page to the endpoints' root, without a slash at its end.</summary>
    /// <param name="request">The request for the page.</param>
    /// <param name="tail">The page's path below the root: <c>""</c>, <c>camera</c>, <c>s/garden</c>.</param>
    public static string RelativeTo(HttpRequest request, string tail)
    {
        // Where the proxy has said what it cut off, even a request without the slash at its end is understood.
        if (request.HttpContext.Features.Get<ForwardedPrefixFeature>() is not null)
        {
            return Absolute(request, tail);
        }

        var path = FullPath(request);
        var endsInSlash = path.EndsWith('/');
        var segments = tail.Length == 0 ? 0 : tail.Count(c => c == '/') + 1;
        if (segments == 0)
        {
            return endsInSlash ? "." : "./" + LastSegment(path);
        }

        var up = endsInSlash ? segments : segments - 1;
        return up == 0 ? "." : string.Join('/', Enumerable.Repeat("..", up));
    }

    /// <summary>The root's own path as this program sees it, for addresses that others shall open; without a slash at its end.</summary>
    public static string Absolute(HttpRequest request, string tail)
    {
        var path = FullPath(request).TrimEnd('/');
        var end = tail.Length == 0 ? "" : "/" + tail;
        return path.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? path[..^end.Length] : path;
    }

    /// <summary>The path that was asked for, percent-encoded.</summary>
    public static string FullPath(HttpRequest request) => request.PathBase.Add(request.Path).ToUriComponent();

    /// <summary>What stands behind the last slash that is not at the end.</summary>
    public static string LastSegment(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }
}
