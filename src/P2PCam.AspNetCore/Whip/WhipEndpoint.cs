using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// Publishing by HTTP (RFC 9725): a POST of an offer makes whoever sent it the camera of a stream that takes browsers. Who may is asked first; pushing an active one aside
/// takes <c>?takeover=1</c>.
/// </summary>
internal sealed class WhipEndpoint(BrowserCameras cameras, PublisherGate gate, Admission admission, SessionTable sessions, CrossOrigin crossOrigin)
    : OfferEndpoint(admission, crossOrigin)
{
    protected override void AnswerHead(HttpResponse response) => response.StatusCode = StatusCodes.Status204NoContent;

    protected override async Task BeginAsync(HttpContext context)
    {
        if (await EnterAsync(context) is not { } place)
        {
            return;
        }

        WhipSession? session = null;
        try
        {
            (session, var answer, var iceServers, var problem) = await TryPublishAsync(context);
            if (session is null)
            {
                await problem!.WriteAsync(context);
                return;
            }

            sessions.Add(session);
            _ = ForgetAsync(session, place);
            await SdpPost.WriteCreatedAsync(context, session, answer!, iceServers);
        }
        finally
        {
            if (session is null)
            {
                place.Dispose();
            }
        }
    }

    private async Task<(WhipSession? Session, string? Answer, IReadOnlyList<IceServer>? IceServers, Problem? Problem)> TryPublishAsync(HttpContext context)
    {
        var (stream, admitted, refused) = await gate.AskAsync(context);
        if (admitted is null)
        {
            return Refused(refused!);
        }

        if (cameras.Find(stream!) is not { } source)
        {
            return Refused(new Problem(StatusCodes.Status404NotFound, "P2P3315", $"The stream '{stream}' takes no browser as its camera; its program would have to say UseBrowserCamera()."));
        }

        var (offer, unusable) = await SdpPost.ReadAsync(context, OfferPurpose.Publish);
        if (offer is null)
        {
            return Refused(unusable!);
        }

        PublishOutcome outcome;
        try
        {
            outcome = source.TryPublish(offer, context.Request.Query["takeover"] == "1");
        }
        catch (P2PException e)
        {
            return Refused(new Problem(StatusCodes.Status503ServiceUnavailable, e.Code, e.Words) { RetryAfterSeconds = 5 });
        }

        if (outcome.IsTaken)
        {
            return Refused(new Problem(StatusCodes.Status409Conflict, "P2P3316", "Another browser is this stream's camera; ?takeover=1 takes its place."));
        }

        if (outcome.Publisher is not { } publisher)
        {
            return Refused(SdpPost.Unusable(outcome.Error!));
        }

        return (new WhipSession(offer, BearerToken.Of(context.Request), publisher), outcome.Answer, admitted.IceServers, null);

        static (WhipSession?, string?, IReadOnlyList<IceServer>?, Problem?) Refused(Problem problem) => (null, null, null, problem);
    }

    private async Task ForgetAsync(WhipSession session, IDisposable place)
    {
        await session.Ended;
        sessions.End(session);
        place.Dispose();
    }
}
