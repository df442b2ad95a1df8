using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>An offer, understood: which media we send or receive on and how (RFC 9429 section 5.3).</summary>
internal sealed class OfferAnalysis
{
    private OfferAnalysis(SessionDescription offer, NegotiatedVideo video, MediaBundle bundle, bool weSend) =>
        (Offer, Video, Bundle, WeSend) = (offer, video, bundle, weSend);

    public SessionDescription Offer { get; }

    public NegotiatedVideo Video { get; }

    /// <summary>The media that will be answered with the video's transport, the video among them.</summary>
    public MediaBundle Bundle { get; }

    /// <summary>Whether the offer is a viewer's, and not that of somebody who publishes.</summary>
    public bool WeSend { get; }

    /// <summary>Takes the first video media that can be served; other media will be refused.</summary>
    /// <param name="offer">What the other side sent.</param>
    /// <param name="rules">The codecs we can send or take, in our order of preference.</param>
    /// <param name="analysis">Set when true is returned.</param>
    /// <param name="error">Why the first video media cannot be served.</param>
    /// <param name="weSend">Which way the media are to go.</param>
    /// <param name="keepsAudio">Whether audio is taken and thrown away, or promised and not sent, rather than refused: some peers give up when one of their media is.</param>
    public static bool TryAnalyze(
        SessionDescription offer, IReadOnlyList<IVideoCodecRule> rules, out OfferAnalysis? analysis, out NegotiationError error, bool weSend = true, bool keepsAudio = false)
    {
        error = new(NegotiationErrorCode.NoVideo, "The offer has no video media.");
        for (var index = 0; index < offer.Media.Count; index++)
        {
            if (offer.Media[index] is not { Kind: "video", IsUsable: true })
            {
                continue;
            }

            var bundle = MediaBundle.ForAnswer(offer, offer.Media[index], media => keepsAudio && media is { Kind: "audio", PayloadTypes.Count: > 0 });
            if (TryNegotiate(offer, index, bundle, rules, weSend, out var video, out var reason))
            {
                analysis = new OfferAnalysis(offer, video!, bundle, weSend);
                error = default;
                return true;
            }

            error = error.Code == NegotiationErrorCode.NoVideo ? reason : error;
        }

        analysis = null;
        return false;
    }

    private static bool TryNegotiate(
        SessionDescription offer, int index, MediaBundle bundle, IReadOnlyList<IVideoCodecRule> rules, bool weSend, out NegotiatedVideo? video, out NegotiationError error)
    {
        video = null;
        var media = offer.Media[index];
        var transport = bundle.Transport;
        if (media.Direction == SdpDirection.Inactive || media.Direction == (weSend ? SdpDirection.SendOnly : SdpDirection.ReceiveOnly))
        {
            error = new(
                NegotiationErrorCode.WrongDirection,
                $"The video media is {SdpText.Name(media.Direction)}: nothing could be {(weSend ? "received" : "sent")} on it.");
            return false;
        }

        if (!RemoteTransportCheck.TryCheck(media, transport, out error))
        {
            return false;
        }

        var codecs = VideoMatcher.ChooseCodecs(media, rules, weSend);
        if (codecs.Count == 0)
        {
            var names = string.Join(", ", rules.Select(rule => RtpVideoCodecNames.Of(rule.Codec)));
            var reasons = VideoMatcher.ExplainMismatches(media, rules, weSend);
            error = new(
                NegotiationErrorCode.NoCommonCodec,
                $"None of the offered codecs can be {(weSend ? "sent" : "taken")}; {names} can.{reasons}");
            return false;
        }

        if (transport.Setup == SdpSetup.HoldConnection)
        {
            error = new(NegotiationErrorCode.UnusableSetup, "a=setup:holdconn leaves nobody to start the DTLS handshake.");
            return false;
        }

        // Whoever may choose chooses passive: the DTLS server side, where a stranger's hello costs nothing before ICE.
        var offered = NegotiatedVideoFactory.Create(offer, index, bundle, codecs, transport.Setup == SdpSetup.Passive, weSend ? SdpDirection.SendOnly : SdpDirection.ReceiveOnly);

        // Without the extension nothing would tell the layers' packets apart.
        video = weSend || offered.Extensions.Rid == 0 ? offered : offered with { Rids = SimulcastOffer.ReadSentLayers(media) };
        return true;
    }
}
