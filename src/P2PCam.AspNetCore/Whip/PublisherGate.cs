using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Asks who may publish to the stream of a request, or see its publisher's page.</summary>
internal sealed class PublisherGate(Admission admission)
{
    /// <summary>The stream and what was admitted, or the problem.</summary>
    public async Task<(string? Stream, Admitted? Admitted, Problem? Problem)> AskAsync(HttpContext context)
    {
        if (SdpPost.StreamOf(context) is not { } stream)
        {
            return (null, null, SdpPost.NotAStreamName);
        }

        var request = new SignalingRequest(stream, SignalingRole.Broadcaster)
        {
            Token = BearerToken.Of(context.Request),
            RemoteAddress = context.Connection.RemoteIpAddress,
            User = context.User,
            Transport = SignalingNames.Whip,
        };
        var admitted = await admission.AdmitPublisherAsync(context, request, context.RequestAborted);
        return admitted.Refusal is { } refusal ? (stream, null, WhepRefusals.AtTheDoor(new ErrorMessage(refusal.Code, refusal.Words))) : (stream, admitted, null);
    }
}
