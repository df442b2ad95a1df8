using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using P2PCam.AspNetCore.Proxies;

namespace P2PCam.AspNetCore.Pages;

/// <summary><c>/camera</c> and <c>/camera/{stream}</c>: the page that makes the browser it is open in the camera of a stream. Who may publish is decided where it publishes to.</summary>
internal static class CameraPage
{
    private static readonly string Template = PageAsset.Read("camera.html");

    public static Task WriteAsync(HttpContext context, string stream, string tail)
    {
        // Nothing that this page embeds, or that embeds it, may open a camera in its name.
        context.Response.Headers["Permissions-Policy"] = "camera=(self), display-capture=(self)";
        return HtmlPage.WriteAsync(context, Template, "", ("base", PageBase.RelativeTo(context.Request, tail)), ("stream", stream));
    }

    /// <summary>For <c>/camera/{stream}</c>; a name that no stream can have → 404.</summary>
    public static Task WriteStreamAsync(HttpContext context)
    {
        var stream = context.GetRouteValue("stream") as string;
        if (!SignalingLimits.IsStreamName(stream))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return WriteAsync(context, stream!, "camera/" + stream);
    }
}
