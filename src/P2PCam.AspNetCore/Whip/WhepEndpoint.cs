using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;
using P2PCam.AspNetCore.Signaling;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// Watching by plain HTTP (draft-ietf-wish-whep): a POST of an offer is a viewer that joins the stream's room as any other, through the same
/// gate, and its answer comes back as the response.
/// </summary>
internal sealed class WhepEndpoint(SignalingGateway gateway, Admission admission, SessionTable sessions, CrossOrigin crossOrigin, TimeProvider timeProvider)
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
            case "GET":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "HEAD":
                context.Response.ContentType = SdpPost.ContentType;
                break;
            case "POST":
                await JoinAsync(context);
                break;
            default:
                await SessionEndpoint.NotAllowed(context, Methods).WriteAsync(context);
                break;
        }
    }

    private async Task JoinAsync(HttpContext context)
    {
        if (SdpPost.StreamOf(context) is not { } stream)
        {
            await SdpPost.NotAStreamName.WriteAsync(context);
            return;
        }

        // The place is the session's: it is given back when that ends, not when this request does.
        var place = admission.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            await new Problem(refusal.Status, refusal.Text[..7], refusal.Text[9..]) { RetryAfterSeconds = 5 }.WriteAsync(context);
            return;
        }

        WhepViewer? viewer = null;
        try
        {
            var (offer, problem) = await SdpPost.ReadAsync(context, OfferPurpose.Watch);
            if (offer is null)
            {
                await problem!.WriteAsync(context);
                return;
            }

            viewer = new WhepViewer(offer, BearerToken.Of(context.Request), place, timeProvider) { Ended = session => sessions.Remove(session) };
            viewer.Serve(link => gateway.ServeAsync(link, context, SignalingNames.Whep, CancellationToken.None));
            await AnswerAsync(context, viewer, stream);
        }
        finally
        {
            if (viewer is null)
            {
                place.Dispose();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context, WhepViewer viewer, string stream)
    {
        string? answer = null;
        Problem? refused = null;
        try
        {
            (answer, refused) = await viewer.JoinAsync(stream, context.RequestAborted);
        }
        finally
        {
            if (answer is null)
            {
                await viewer.EndAsync();
            }
        }

        if (answer is null)
        {
            await refused!.WriteAsync(context);
            return;
        }

        sessions.Add(viewer);
        if (viewer.HasEnded)
        {
            sessions.Remove(viewer);
        }

        await SdpPost.WriteCreatedAsync(context, viewer, answer, viewer.IceServers);
    }
}
