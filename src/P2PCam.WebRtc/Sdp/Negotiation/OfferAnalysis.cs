namespace P2PCam.WebRtc.Sdp;

/// <summary>A viewer's offer, understood: which media we send on and how (RFC 9429 section 5.3).</summary>
internal sealed class OfferAnalysis
{
    private OfferAnalysis(SessionDescription offer, NegotiatedVideo video)
    {
        Offer = offer;
        Video = video;
    }

    public SessionDescription Offer { get; }

    public NegotiatedVideo Video { get; }

    /// <summary>Takes the first video media that can be served; other media will be refused.</summary>
    /// <param name="offer">What the viewer sent.</param>
    /// <param name="rules">The codecs we can send, in our order of preference.</param>
    /// <param name="analysis">Set when true is returned.</param>
    /// <param name="error">Why the first video media cannot be served.</param>
    public static bool TryAnalyze(
        SessionDescription offer, IReadOnlyList<IVideoCodecRule> rules, out OfferAnalysis? analysis, out NegotiationError error)
    {
        error = new(NegotiationErrorCode.NoVideo, "The offer has no video media.");
        for (var index = 0; index < offer.Media.Count; index++)
        {
            if (offer.Media[index] is not { Kind: "video", IsUsable: true })
            {
                continue;
            }

            if (TryNegotiate(offer, index, rules, out var video, out var reason))
            {
                analysis = new OfferAnalysis(offer, video!);
                error = default;
                return true;
            }

            error = error.Code == NegotiationErrorCode.NoVideo ? reason : error;
        }

        analysis = null;
        return false;
    }

    private static bool TryNegotiate(
        SessionDescription offer, int index, IReadOnlyList<IVideoCodecRule> rules, out NegotiatedVideo? video, out NegotiationError error)
    {
        video = null;
        var media = offer.Media[index];
        var transport = offer.ResolveTransport(media);
        if (media.Direction is SdpDirection.SendOnly or SdpDirection.Inactive)
        {
            error = new(
                NegotiationErrorCode.WrongDirection,
                $"The video media is {SdpText.Name(media.Direction)}: nothing could be received on it.");
            return false;
        }

        if (!RemoteTransportCheck.TryCheck(media, transport, out error))
        {
            return false;
        }

        if (VideoMatcher.ChooseCodec(media, rules) is not { } codec)
        {
            error = new(
                NegotiationErrorCode.NoCommonCodec,
                $"None of the offered codecs can be sent; {string.Join(", ", rules.Select(rule => rule.EncodingName))} can.");
            return false;
        }

        if (transport.Setup == SdpSetup.HoldConnection)
        {
            error = new(NegotiationErrorCode.UnusableSetup, "a=setup:holdconn leaves nobody to start the DTLS handshake.");
            return false;
        }

        // Whoever may choose chooses passive: the DTLS server side, where a stranger's hello costs nothing before ICE.
        video = NegotiatedVideoFactory.Create(offer, index, codec, transport.Setup == SdpSetup.Passive, SdpDirection.SendOnly);
        return true;
    }
}
