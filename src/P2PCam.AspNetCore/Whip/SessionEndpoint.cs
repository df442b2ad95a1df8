using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Where a session is changed and ended (RFC 9725 sections 4.2, 4.3): GET, HEAD, PATCH, DELETE.</summary>
internal sealed class SessionEndpoint(SessionTable sessions, CrossOrigin crossOrigin, JoinRateLimiter requests)
{
    private const string Methods = "GET, HEAD, OPTIONS, PATCH, DELETE";
    private static readonly Problem Unknown = new(StatusCodes.Status404NotFound, "P2P3305", "There is no such session; it has ended, or it was never here.");
    private static readonly Problem Malformed = new(StatusCodes.Status400BadRequest, "P2P3308", "The body is no trickle-ice-sdpfrag.");

    public Task AnswerOptionsAsync(HttpContext context) => crossOrigin.AnswerOptions(context, Methods, null, SdpFragment.ContentType);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!crossOrigin.TryAllow(context))
        {
            await Problem.Foreign(context.Request).WriteAsync(context);
        }
        else if (!requests.TryJoin(context.Connection.RemoteIpAddress))
        {
            await TooFast.WriteAsync(context);
        }
        else if (sessions.Find(context.GetRouteValue("id") as string) is not { } session)
        {
            await AnswerWithoutSessionAsync(context);
        }
        else if (!session.Owner.Is(BearerToken.Of(context.Request)))
        {
            await new Problem(StatusCodes.Status401Unauthorized, "P2P3313", "This session was made with a token; each request needs the same one.").WriteAsync(context);
        }
        else
        {
            await DispatchAsync(context, session);
        }
    }

    internal static Problem TooFast { get; } = new(StatusCodes.Status429TooManyRequests, "P2P3311", "Too many requests from this address; try again later.") { RetryAfterSeconds = 1 };

    internal static Problem NotAllowed(HttpContext context, string methods)
    {
        context.Response.Headers.Allow = methods;
        return new Problem(StatusCodes.Status405MethodNotAllowed, "P2P3312", $"This address takes {methods}.");
    }

    // Who closes his connection first and says so by DELETE after it comes when the session is over: that is what he wants.
    private async Task AnswerWithoutSessionAsync(HttpContext context)
    {
        if (HttpMethods.IsDelete(context.Request.Method) && sessions.HasEnded(context.GetRouteValue("id") as string, BearerToken.Of(context.Request)))
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return;
        }

        await Unknown.WriteAsync(context);
    }

    private async Task DispatchAsync(HttpContext context, HttpSession session)
    {
        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "DELETE":
                // Whatever If-Match says: who leaves, leaves (RFC 9725 section 4.2).
                sessions.Remove(session);
                await session.EndAsync();
                context.Response.StatusCode = StatusCodes.Status200OK;
                break;
            case "PATCH":
                await PatchAsync(context, session);
                break;
            default:
                await NotAllowed(context, Methods).WriteAsync(context);
                break;
        }
    }

    private static async Task PatchAsync(HttpContext context, HttpSession session)
    {
        if (!TextBody.IsOfType(context.Request, SdpFragment.ContentType))
        {
            context.Response.Headers["Accept-Patch"] = SdpFragment.ContentType;
            await new Problem(StatusCodes.Status415UnsupportedMediaType, "P2P3308", $"A PATCH carries {SdpFragment.ContentType}.").WriteAsync(context);
            return;
        }

        if (await TextBody.ReadAsync(context.Request, context.RequestAborted) is not { } body)
        {
            await SdpPost.TooLarge.WriteAsync(context);
            return;
        }

        if (!SdpFragment.TryParse(body, out var fragment, out var error))
        {
            await (Malformed with { Words = $"The body is no trickle-ice-sdpfrag. {error}" }).WriteAsync(context);
            return;
        }

        var tags = context.Request.Headers.IfMatch.SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        await WriteAsync(context, session, await session.PatchAsync(fragment, tags, context.RequestAborted));
    }

    private static async Task WriteAsync(HttpContext context, HttpSession session, PatchOutcome outcome)
    {
        if (outcome.Problem is { } problem)
        {
            await problem.WriteAsync(context);
        }
        else if (outcome.Fragment is { } fragment)
        {
            context.Response.Headers.ETag = session.ETag;
            context.Response.ContentType = SdpFragment.ContentType;
            await context.Response.WriteAsync(fragment, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
