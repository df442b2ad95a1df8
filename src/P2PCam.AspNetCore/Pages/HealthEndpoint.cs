using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Pages;

/// <summary><c>/healthz</c>: the program answers. It says nothing about viewers or cameras, since anybody may ask.</summary>
internal static class HealthEndpoint
{
    public static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync("ok\n");
    }
}
