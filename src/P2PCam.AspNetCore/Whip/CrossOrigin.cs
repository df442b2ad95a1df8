using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// What pages of other origins may do (the Fetch standard's CORS): those of <c>AllowedOrigins</c> everything, the others nothing. No cookie ever
/// authorizes anything here, so there are no credentials to allow.
/// </summary>
internal sealed class CrossOrigin(OriginGate origins)
{
    private const string Exposed = "Location, ETag, Link, Retry-After, WWW-Authenticate, Accept-Post, Accept-Patch";
    private const string Sent = "Authorization, Content-Type, If-Match";
    private const string PreflightLifetime = "600";
    public static readonly Problem Foreign = new(StatusCodes.Status403Forbidden, "P2P3004", "Pages of another origin may not use this; add it to AllowedOrigins if it should.");

    /// <summary>False for a page of a foreign origin. For an allowed one, the response says that it may be read.</summary>
    public bool TryAllow(HttpContext context)
    {
        if (!origins.IsAllowed(context.Request))
        {
            return false;
        }

        if (context.Request.Headers.Origin is [{ } origin])
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = Exposed;
            headers.Append("Vary", "Origin");
        }

        return true;
    }

    /// <summary>Answers OPTIONS, a preflight or a plain question, without asking who it is.</summary>
    public Task AnswerOptions(HttpContext context, string methods, string? acceptPost, string? acceptPatch)
    {
        var headers = context.Response.Headers;
        headers.Allow = methods;
        headers["Accept-Post"] = acceptPost;
        headers["Accept-Patch"] = acceptPatch;
        if (TryAllow(context) && context.Request.Headers.Origin.Count > 0)
        {
            headers.AccessControlAllowMethods = methods;
            headers.AccessControlAllowHeaders = Sent;
            headers.AccessControlMaxAge = PreflightLifetime;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }
}
