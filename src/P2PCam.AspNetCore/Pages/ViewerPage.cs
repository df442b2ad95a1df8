using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using P2PCam.AspNetCore.Proxies;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Pages;

/// <summary>The page that shows one stream.</summary>
internal sealed class ViewerPage(P2PCamEndpointOptions options, StreamNames names)
{
    private static readonly string Template = PageAsset.Read("viewer.html");
    private readonly string _relay = options.IceServers.Count + options.TurnServers.Count > 0 ? "true" : "false";
    private readonly string _embedders = WebOrigin.ListForPolicy(options.AllowedOrigins);

    public Task WriteAsync(HttpContext context, string stream, string tail) => HtmlPage.WriteAsync(
        context,
        Template,
        _embedders,
        ("base", PageBase.RelativeTo(context.Request, tail)),
        ("stream", stream),
        ("known", names.IsKnown(stream) ? "true" : options.AllowBroadcasters || options.AllowCallers ? "maybe" : "false"),
        ("others", string.Join(' ', names.OthersThan(stream))),
        ("relay", _relay));

    /// <summary>For <c>/s/{stream}</c>; a name that no stream can have → 404.</summary>
    public Task WriteStreamAsync(HttpContext context)
    {
        var stream = context.GetRouteValue("stream") as string;
        if (!SignalingLimits.IsStreamName(stream))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return WriteAsync(context, stream!, "s/" + stream);
    }
}
