using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// Publishing by HTTP (RFC 9725): a POST of an offer makes whoever sent it the camera of a stream that takes browsers. Who may is asked first; pushing an active one aside
/// takes <c>?takeover=1</c>.
/// </summary>
internal sealed class WhipEndpoint(BrowserCameras cameras, PublisherGate gate, Admission admission, SessionTable sessions, CrossOrigin crossOrigin)
{
    private const string Methods = "GET, HEAD, OPTIONS, POST";

    public Task AnswerOptionsAsync(HttpContext context) => crossOrigin.AnswerOptions(context, Methods, SdpPost.ContentType, null);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!crossOrigin.TryAllow(context))
        {
            await CrossOrigin.Foreign.WriteAsync(context);
            return;
        }

        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "POST":
                await PublishAsync(context);
                break;
            default:
                await SessionEndpoint.NotAllowed(context, Methods).WriteAsync(context);
                break;
        }
    }

    private async Task PublishAsync(HttpContext context)
    {
        // The place is the session's: it is given back when that ends, not when this request does.
        var place = admission.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await new Problem(refusal.Status, refusal.Text[..7], refusal.Text[9..]) { RetryAfterSeconds = 5 }.WriteAsync(context);
            return;
        }

        var problem = await TryPublishAsync(context, place);
        if (problem is not null)
        {
            place.Dispose();
            await problem.WriteAsync(context);
        }
    }

    private async Task<Problem?> TryPublishAsync(HttpContext context, IDisposable place)
    {
        var (stream, admitted, refused) = await gate.AskAsync(context);
        if (admitted is null)
        {
            return refused;
        }

        if (cameras.Find(stream!) is not { } source)
        {
            return new Problem(StatusCodes.Status404NotFound, "P2P3315", $"The stream '{stream}' takes no browser as its camera; its program would have to say UseBrowserCamera().");
        }

        var (offer, unusable) = await SdpPost.ReadAsync(context, OfferPurpose.Publish);
        if (offer is null)
        {
            return unusable;
        }

        var outcome = source.TryPublish(offer, context.Request.Query["takeover"] == "1");
        if (outcome.IsTaken)
        {
            return new Problem(StatusCodes.Status409Conflict, "P2P3316", "Another browser is this stream's camera; ?takeover=1 takes its place.");
        }

        if (outcome.Publisher is not { } publisher)
        {
            return SdpPost.Unusable(outcome.Error!);
        }

        var session = new WhipSession(offer, BearerToken.Of(context.Request), publisher);
        sessions.Add(session);
        _ = ForgetAsync(session, place);
        await SdpPost.WriteCreatedAsync(context, session, outcome.Answer!, admitted.IceServers);
        return null;
    }

    private async Task ForgetAsync(WhipSession session, IDisposable place)
    {
        await session.Ended;
        sessions.Remove(session);
        place.Dispose();
    }
}
