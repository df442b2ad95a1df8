using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace P2PCam.AspNetCore.Pages;

/// <summary>
/// <c>/healthz</c>: the health check's word for all cameras of this program, 503 when it is <c>Unhealthy</c>. It names neither cameras nor viewers, since
/// anybody may ask.
/// </summary>
internal static class HealthEndpoint
{
    public static Task WriteAsync(HttpContext context)
    {
        var status = P2PCamHealthChecksBuilderExtensions.CreateCheck(context.RequestServices).Check(HealthStatus.Unhealthy).Status;
        context.Response.StatusCode = status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync($"{status}\n");
    }
}
