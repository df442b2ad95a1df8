using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Writes an answer (RFC 9429 section 5.3.1): every media of the offer in its order, the video sendonly or recvonly with the codecs that both
/// sides have and their RTX, all others refused with port 0.
/// </summary>
internal static class AnswerBuilder
{
    public static string Build(OfferAnalysis analysis, LocalMediaParameters local)
    {
        var (offer, video) = (analysis.Offer, analysis.Video);
        var writer = new SdpWriter();
        writer.Session(local.SessionId, IsBundled(offer, video) ? video.Mid : null);
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (i == video.MediaIndex)
            {
                Accept(writer, offer.Media[i], analysis, local);
            }
            else
            {
                Refuse(writer, offer.Media[i]);
            }
        }

        return writer.ToString();
    }

    private static bool IsBundled(SessionDescription offer, NegotiatedVideo video) =>
        video.Mid is not null && offer.BundleGroup?.Mids.Contains(video.Mid) == true;

    private static void Accept(SdpWriter writer, MediaDescription offered, OfferAnalysis analysis, LocalMediaParameters local)
    {
        var video = analysis.Video;
        var (direction, reverse) = analysis.WeSend
            ? (SdpDirection.SendOnly, SdpDirection.ReceiveOnly)
            : (SdpDirection.ReceiveOnly, SdpDirection.SendOnly);
        writer.Media("video", 9, offered.Protocol, SdpWriter.Formats(video.Codecs), video.Mid);
        writer.Transport(local, video.IsDtlsClient ? "active" : "passive");
        writer.Line($"a={SdpText.Name(direction)}");
        writer.Line("a=rtcp-mux");
        if (video.HasReducedSizeRtcp)
        {
            writer.Line("a=rtcp-rsize");
        }

        foreach (var uri in HeaderExtensionUris.All)
        {
            if (VideoMatcher.Find(offered, uri, direction) is { } extension)
            {
                writer.Extension(extension.Id, uri, extension.Direction == reverse ? direction : null);
            }
        }

        foreach (var codec in video.Codecs)
        {
            writer.Codec(codec);
        }

        if (analysis.WeSend)
        {
            writer.Stream(local, video.Codecs.Any(codec => codec.RtxPayloadType is not null));
        }
    }

    /// <summary>A refused media still takes its place, with one of its formats, which means nothing (RFC 3264 section 6).</summary>
    private static void Refuse(SdpWriter writer, MediaDescription offered)
    {
        writer.Media(offered.Kind, 0, offered.Protocol, offered.Formats[0], offered.Mid);
        writer.Line("a=inactive");
    }
}
