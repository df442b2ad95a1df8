using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Writes an answer (RFC 9429 section 5.3.1): every media of the offer in its order, the video sendonly or recvonly with the codecs that both
/// sides have and their RTX. Others of its bundle that stay (<see cref="MediaBundle"/>) never carry anything; all others are refused with port 0.
/// </summary>
internal static class AnswerBuilder
{
    /// <param name="analysis">The offer, understood.</param>
    /// <param name="local">Our side.</param>
    public static string Build(OfferAnalysis analysis, LocalMediaParameters local)
    {
        var (offer, video, bundle) = (analysis.Offer, analysis.Video, analysis.Bundle);
        var writer = new SdpWriter();
        writer.Session(local, bundle.IsGroup ? string.Join(' ', bundle.Mids) : null);
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (i == video.MediaIndex)
            {
                Accept(writer, offer.Media[i], analysis, local);
            }
            else if (bundle.Contains(offer.Media[i]))
            {
                Keep(writer, offer.Media[i], analysis, local);
            }
            else
            {
                Refuse(writer, offer.Media[i]);
            }
        }

        return writer.ToString();
    }

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

        foreach (var uri in analysis.WeSend ? HeaderExtensionUris.Sent : HeaderExtensionUris.Received)
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

        foreach (var rid in video.Rids)
        {
            writer.Line($"a=rid:{rid} recv");
        }

        if (video.Rids.Count > 0)
        {
            writer.Line($"a=simulcast:recv {string.Join(';', video.Rids)}");
        }

        if (analysis.WeSend)
        {
            writer.Stream(local, video.Codecs.Any(codec => codec.RtxPayloadType is not null));
        }
    }

    /// <summary>
    /// With one of its formats. What is received on it is of no SSRC or payload type that anybody here waits for; a data channel of it is never opened.
    /// </summary>
    private static void Keep(SdpWriter writer, MediaDescription offered, OfferAnalysis analysis, LocalMediaParameters local)
    {
        var format = KeptFormat.Choose(offered);
        writer.Media(offered.Kind, 9, offered.Protocol, format is null ? string.Join(' ', offered.Formats) : $"{format.Number}", offered.Mid);
        writer.Transport(local, analysis.Video.IsDtlsClient ? "active" : "passive");
        if (format is null)
        {
            KeptFormat.WriteOthers(writer, offered);
            return;
        }

        writer.Line(analysis.WeSend || offered.Direction is SdpDirection.ReceiveOnly or SdpDirection.Inactive ? "a=inactive" : "a=recvonly");
        writer.Line("a=rtcp-mux");
        KeptFormat.Write(writer, format);
    }

    /// <summary>A refused media still takes its place, with its formats, which mean nothing any more (RFC 3264 section 6).</summary>
    private static void Refuse(SdpWriter writer, MediaDescription offered)
    {
        writer.Media(offered.Kind, 0, offered.Protocol, string.Join(' ', offered.Formats), offered.Mid);
        writer.Line("a=inactive");
    }
}
