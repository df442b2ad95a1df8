using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace P2PCam.AspNetCore.Pages;

/// <summary>The page that shows one stream.</summary>
internal static class ViewerPage
{
    private static readonly string Template = PageAsset.Read("viewer.html");

    public static Task WriteAsync(HttpContext context, string stream, string endpoint) =>
        HtmlPage.WriteAsync(context, Template, ("base", HtmlPage.BasePath(context.Request, endpoint)), ("stream", stream));

    /// <summary>For <c>/s/{stream}</c>; a name that no stream can have → 404.</summary>
    public static Task WriteStreamAsync(HttpContext context)
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
