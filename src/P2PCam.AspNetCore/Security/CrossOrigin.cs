using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// What pages of other origins may do (the Fetch standard's CORS): those of <c>AllowedOrigins</c> everything, the others nothing. No cookie ever
/// authorizes anything here, so there are no credentials to allow.
/// </summary>
internal sealed class CrossOrigin(OriginGate origins)
{
    private const string Exposed = "Location, ETag, Link, Retry-After, WWW-Authenticate, Accept-Post, Accept-Patch";

    // The last two are what SignalR's client adds to its negotiation.
    private const string Sent = "Authorization, Content-Type, If-Match, X-Requested-With, X-SignalR-User-Agent";
    private const string PreflightLifetime = "600";

    /// <summary>False for a page of a foreign origin. For an allowed one, the response says that it may be read.</summary>
    public bool TryAllow(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append("Vary", "Origin");
        if (!origins.IsAllowed(context.Request))
        {
            return false;
        }

        if (context.Request.Headers.Origin is [{ } origin])
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = Exposed;
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
            if (context.Request.Headers["Access-Control-Request-Private-Network"] == "true")
            {
                // A page from the internet that may show a camera in this network (Private Network Access, asked by Chromium).
                headers["Access-Control-Allow-Private-Network"] = "true";
            }
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }
}
