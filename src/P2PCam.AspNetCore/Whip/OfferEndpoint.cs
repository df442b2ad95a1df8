using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Where an offer is posted to begin a session, to watch or to publish: the methods, whose pages may, and the place that each session takes.</summary>
internal abstract class OfferEndpoint(Admission admission, CrossOrigin crossOrigin)
{
    private const string Methods = "GET, HEAD, OPTIONS, POST";

    public Task AnswerOptionsAsync(HttpContext context) => crossOrigin.AnswerOptions(context, Methods, SdpPost.ContentType, null);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!crossOrigin.TryAllow(context))
        {
            await Problem.Foreign(context.Request).WriteAsync(context);
            return;
        }

        switch (context.Request.Method)
        {
            case "GET":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "HEAD":
                AnswerHead(context.Response);
                break;
            case "POST":
                await BeginAsync(context);
                break;
            default:
                await SessionEndpoint.NotAllowed(context, Methods).WriteAsync(context);
                break;
        }
    }

    protected abstract void AnswerHead(HttpResponse response);

    /// <summary>Begins a session for the offer in the request's body, in a place of <see cref="EnterAsync"/>.</summary>
    protected abstract Task BeginAsync(HttpContext context);

    /// <summary>
    /// A place, which is the session's: given back when that ends, not when the request does. Null if there is none, and then the response says so.
    /// </summary>
    protected async Task<IDisposable?> EnterAsync(HttpContext context)
    {
        var place = admission.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await new Problem(refusal.Status, refusal.Code, refusal.Words) { RetryAfterSeconds = 5 }.WriteAsync(context);
        }

        return place;
    }
}
