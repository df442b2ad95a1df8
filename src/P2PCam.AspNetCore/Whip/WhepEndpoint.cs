using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;
using P2PCam.AspNetCore.Signaling;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// Watching by plain HTTP (draft-ietf-wish-whep): a POST of an offer is a viewer that joins the stream's room as any other, through the same
/// gate, and its answer comes back as the response.
/// </summary>
internal sealed class WhepEndpoint(SignalingGateway gateway, Admission admission, SessionTable sessions, CrossOrigin crossOrigin, TimeProvider timeProvider)
    : OfferEndpoint(admission, crossOrigin)
{
    protected override void AnswerHead(HttpResponse response) => response.ContentType = SdpPost.ContentType;

    protected override async Task BeginAsync(HttpContext context)
    {
        if (SdpPost.StreamOf(context) is not { } stream)
        {
            await SdpPost.NotAStreamName.WriteAsync(context);
            return;
        }

        if (await EnterAsync(context) is not { } place)
        {
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

            viewer = new WhepViewer(offer, BearerToken.Of(context.Request), place, timeProvider) { Ended = sessions.End };
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
            sessions.End(viewer);
        }

        await SdpPost.WriteCreatedAsync(context, viewer, answer, viewer.IceServers);
    }
}
