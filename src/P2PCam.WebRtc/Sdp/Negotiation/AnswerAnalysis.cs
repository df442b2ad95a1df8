namespace P2PCam.WebRtc.Sdp;

/// <summary>The answer to our own offer, understood (RFC 9429 section 5.11).</summary>
internal static class AnswerAnalysis
{
    /// <param name="offer">What <see cref="OfferBuilder"/> wrote, parsed.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="rules">The codecs that were offered.</param>
    /// <param name="video">Set when true is returned.</param>
    /// <param name="error">Why the answer cannot be used.</param>
    /// <param name="weSend">Whether the offer was sendonly, and not a viewer's.</param>
    public static bool TryAnalyze(
        SessionDescription offer,
        SessionDescription answer,
        IReadOnlyList<IVideoCodecRule> rules,
        out NegotiatedVideo? video,
        out NegotiationError error,
        bool weSend = false)
    {
        video = null;
        if (answer.Media.Count != offer.Media.Count || answer.Media.Count == 0
            || answer.Media.Zip(offer.Media).Any(pair => pair.First.Kind != pair.Second.Kind || !IsNamedAs(pair.First, pair.Second)))
        {
            error = new(NegotiationErrorCode.AnswerDoesNotMatchOffer, "The answer's media are not those of the offer.");
            return false;
        }

        var index = answer.Media.ToList().FindIndex(media => media is { Kind: "video", Port: not 0 });
        if (index < 0)
        {
            error = new(NegotiationErrorCode.NoVideo, "The answer refuses the video media.");
            return false;
        }

        return TryNegotiate(offer.Media[index], answer, index, rules, weSend, out video, out error);
    }

    // Without a name a media is known by its place (RFC 3264 section 6).
    private static bool IsNamedAs(MediaDescription answered, MediaDescription offered) => answered.Mid is null || answered.Mid == offered.Mid;

    private static bool TryNegotiate(
        MediaDescription offered,
        SessionDescription answer,
        int index,
        IReadOnlyList<IVideoCodecRule> rules,
        bool weSend,
        out NegotiatedVideo? video,
        out NegotiationError error)
    {
        video = null;
        var media = answer.Media[index];
        var bundle = MediaBundle.Of(answer, media);
        var transport = bundle.Transport;
        if (media.Direction == SdpDirection.Inactive || media.Direction == (weSend ? SdpDirection.SendOnly : SdpDirection.ReceiveOnly))
        {
            error = new(
                NegotiationErrorCode.WrongDirection,
                $"The video media is answered {SdpText.Name(media.Direction)}: nothing will be {(weSend ? "taken" : "sent")} on it.");
            return false;
        }

        if (!RemoteTransportCheck.TryCheck(media, transport, out error))
        {
            return false;
        }

        // A sender may use whatever was answered; what we send is of each codec's first kind.
        var answered = VideoMatcher.FindAllCodecs(media, rules, weSend)
            .FindAll(codec => offered.FindPayloadType(codec.PayloadType)?.IsEncoding(codec.EncodingName) == true);
        if (answered.Count == 0)
        {
            var reasons = VideoMatcher.ExplainMismatches(media, rules, weSend);
            error = new(NegotiationErrorCode.NoCommonCodec, $"The answer takes none of the offered codecs.{reasons}");
            return false;
        }

        if (transport.Setup is not (SdpSetup.Active or SdpSetup.Passive))
        {
            error = new(NegotiationErrorCode.UnusableSetup, "An answer must say a=setup:active or passive.");
            return false;
        }

        video = NegotiatedVideoFactory.Create(answer, index, bundle, answered, transport.Setup == SdpSetup.Passive, weSend ? SdpDirection.SendOnly : SdpDirection.ReceiveOnly);
        return true;
    }
}
