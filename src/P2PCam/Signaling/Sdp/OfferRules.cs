using P2PCam.WebRtc.Sdp;
using SdpNames = P2PCam.WebRtc.Sdp.SdpText;

namespace P2PCam;

/// <summary>What an offer that came by HTTP is for.</summary>
internal enum OfferPurpose
{
    /// <summary>WHEP: whoever sent it wants to receive.</summary>
    Watch,

    /// <summary>WHIP: whoever sent it wants to send.</summary>
    Publish,
}

/// <summary>Why an offer is refused.</summary>
/// <param name="IsUnreadable">It is no SDP; otherwise it is sound, but nothing that can be served.</param>
/// <param name="Words">For the person who reads the response.</param>
internal readonly record struct OfferFault(bool IsUnreadable, string Words);

/// <summary>
/// What WHIP (RFC 9725 section 4.2) and WHEP ask of an offer beyond what a session needs: one bundle, RTCP on the same port, one stream of at
/// most one video and one audio. The whole offer is refused, never one of its media (RFC 9725 section 4.4.1).
/// </summary>
internal static class OfferRules
{
    public static OfferFault? Check(string sdp, OfferPurpose purpose)
    {
        if (!SessionDescription.TryParse(sdp, out var offer, out var error))
        {
            return new OfferFault(true, $"The offer is not usable SDP. {error}");
        }

        return CheckMedia(offer, purpose) is { } words ? new OfferFault(false, words) : null;
    }

    private static string? CheckMedia(SessionDescription offer, OfferPurpose purpose)
    {
        // What is refused in the offer itself asks for nothing, and is in no bundle (RFC 9143 section 7.2.2).
        var offered = offer.Media.Where(media => media.IsUsable).ToList();
        if (!offered.Exists(media => media.Kind == "video"))
        {
            return "The offer has no video media.";
        }

        foreach (var kind in (ReadOnlySpan<string>)["video", "audio"])
        {
            if (offered.Count(media => media.Kind == kind) > 1)
            {
                return $"The offer has more than one {kind} media; one of a kind can be served.";
            }
        }

        var group = offer.FindBundle(offered[0]);
        if (offered.Count > 1 && !offered.All(media => media.Mid is { } mid && group?.Mids.Contains(mid) == true))
        {
            return "The offer's media are not in one BUNDLE group: use the policy max-bundle.";
        }

        if (offered.Where(IsRtp).Select(StreamOf).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            return "The offer's media belong to several streams (msid); one can be served.";
        }

        return offered.Where(IsRtp).Select(media => CheckOne(offer, media, purpose)).FirstOrDefault(words => words is not null);
    }

    private static string? CheckOne(SessionDescription offer, MediaDescription media, OfferPurpose purpose)
    {
        var isUseless = media.Direction == SdpDirection.Inactive
            || media.Direction == (purpose == OfferPurpose.Watch ? SdpDirection.SendOnly : SdpDirection.ReceiveOnly);
        if (isUseless)
        {
            return $"The {media.Kind} media is {SdpNames.Name(media.Direction)}; to {(purpose == OfferPurpose.Watch ? "watch it must be recvonly or sendrecv" : "publish it must be sendonly or sendrecv")}.";
        }

        return MediaBundle.Of(offer, media).Transport.HasRtcpMux ? null : $"The {media.Kind} media does not have a=rtcp-mux.";
    }

    private static bool IsRtp(MediaDescription media) => media.Kind is "video" or "audio";

    private static string? StreamOf(MediaDescription media) => media.MediaStreamId?.Split(' ')[0] is { Length: > 0 } id and not "-" ? id : null;
}
