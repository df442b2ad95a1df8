using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using P2PCam.AspNetCore.Proxies;

namespace P2PCam.AspNetCore.Whip;

/// <summary>The halves of a POST that WHIP and WHEP share: the offer in, the 201 out (RFC 9725 section 4.2).</summary>
internal static class SdpPost
{
    public const string ContentType = "application/sdp";

    public static Problem TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "P2P3302", "The body has more than 64 KiB.");

    public static Problem NotAStreamName { get; } = new(StatusCodes.Status400BadRequest, "P2P2004", "A stream name has 1 to 64 letters, digits, '-', '_' or '.'.");

    /// <summary>The stream in the address; <c>default</c> where it names none, null where it names an impossible one.</summary>
    public static string? StreamOf(HttpContext context)
    {
        var stream = context.GetRouteValue("stream") as string ?? "default";
        return SignalingLimits.IsStreamName(stream) ? stream : null;
    }

    /// <summary>Reads an offer that keeps the rules.</summary>
    public static async Task<(string? Offer, Problem? Problem)> ReadAsync(HttpContext context, OfferPurpose purpose)
    {
        if (!TextBody.IsOfType(context.Request, ContentType))
        {
            context.Response.Headers["Accept-Post"] = ContentType;
            return (null, new Problem(StatusCodes.Status415UnsupportedMediaType, "P2P3301", $"A POST carries an offer as {ContentType}."));
        }

        if (await TextBody.ReadAsync(context.Request, context.RequestAborted) is not { } offer)
        {
            return (null, TooLarge);
        }

        return OfferRules.Check(offer, purpose) switch
        {
            null => (offer, null),
            { IsUnreadable: true } fault => (null, new Problem(StatusCodes.Status400BadRequest, "P2P3303", fault.Words)),
            { } fault => (null, Unusable(fault.Words)),
        };
    }

    public static Problem Unusable(string words, string code = "P2P3304") => new(StatusCodes.Status422UnprocessableEntity, code, words);

    public static async Task WriteCreatedAsync(HttpContext context, HttpSession session, string answer, IReadOnlyList<IceServer>? iceServers)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = ContentType;
        response.Headers.Location = $"{SessionsSeenFrom(context)}sessions/{session.Id}";
        response.Headers.ETag = session.ETag;
        response.Headers["Accept-Patch"] = SdpFragment.ContentType;
        foreach (var link in IceServerLinks.Format(iceServers))
        {
            response.Headers.Append("Link", link);
        }

        await response.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>
    /// What leads from the address that was asked for to that of the sessions (RFC 9110 section 10.2.2): relative, because a proxy may have cut off the path's beginning. The
    /// address ends in the endpoint's own segment, and the stream's if it names one.
    /// </summary>
    private static string SessionsSeenFrom(HttpContext context)
    {
        var path = PageBase.FullPath(context.Request);
        return (context.GetRouteValue("stream") is not null, path.EndsWith('/')) switch
        {
            (true, true) => "../",
            (true, false) or (false, true) => "",
            (false, false) => PageBase.LastSegment(path) + "/",
        };
    }
}
