using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace P2PCam.AspNetCore.Pages;

/// <summary>The page that shows one stream.</summary>
internal sealed class ViewerPage(bool hasRelay)
{
    private static readonly string Template = PageAsset.Read("viewer.html");

    public Task WriteAsync(HttpContext context, string stream, string endpoint) => HtmlPage.WriteAsync(
        context, Template, ("base", HtmlPage.BasePath(context.Request, endpoint)), ("stream", stream), ("relay", hasRelay ? "true" : "false"));

    /// <summary>For <c>/s/{stream}</c>; a name that no stream can have → 404.</summary>
    public Task WriteStreamAsync(HttpContext context)
    {
        var stream = context.GetRouteValue("stream") as string;
        if (!SignalingLimits.IsStreamName(stream))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return WriteAsync(context, stream!, "/s/" + stream);
    }
}
