using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Writes an answer (RFC 9429 section 5.3.1): every media of the offer in its order, the video sendonly or recvonly with the codecs that both
/// sides have and their RTX, all others refused with port 0. Audio in the video's bundle may be kept instead, without ever carrying anything.
/// </summary>
internal static class AnswerBuilder
{
    /// <param name="analysis">The offer, understood.</param>
    /// <param name="local">Our side.</param>
    /// <param name="keepsAudio">Whether audio is taken and thrown away, or promised and not sent, rather than refused: some peers give up when one of their media is.</param>
    public static string Build(OfferAnalysis analysis, LocalMediaParameters local, bool keepsAudio = false)
    {
        var (offer, video) = (analysis.Offer, analysis.Video);
        var writer = new SdpWriter();
        bool IsKept(MediaDescription media) => keepsAudio && media is { Kind: "audio", IsUsable: true, PayloadTypes.Count: > 0 } && IsBundled(offer, media.Mid);

        // The first of the group says whose transport it is that all use (RFC 9143 section 7.3.1): the video's, which was negotiated.
        var mids = offer.Media.Where(IsKept).Select(media => media.Mid).Prepend(video.Mid);
        writer.Session(local, IsBundled(offer, video.Mid) ? string.Join(' ', mids) : null);
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (i == video.MediaIndex)
            {
                Accept(writer, offer.Media[i], analysis, local);
            }
            else if (IsKept(offer.Media[i]) && IsBundled(offer, video.Mid))
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

    private static bool IsBundled(SessionDescription offer, string? mid) => mid is not null && offer.BundleGroup?.Mids.Contains(mid) == true;

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

    /// <summary>With the first of its formats. Received, it is of no SSRC or payload type that anybody here waits for.</summary>
    private static void Keep(SdpWriter writer, MediaDescription offered, OfferAnalysis analysis, LocalMediaParameters local)
    {
        var format = offered.PayloadTypes[0];
        writer.Media(offered.Kind, 9, offered.Protocol, $"{format.Number}", offered.Mid);
        writer.Transport(local, analysis.Video.IsDtlsClient ? "active" : "passive");
        writer.Line(analysis.WeSend || offered.Direction is SdpDirection.ReceiveOnly or SdpDirection.Inactive ? "a=inactive" : "a=recvonly");
        writer.Line("a=rtcp-mux");
        if (format.EncodingName.Length > 0)
        {
            writer.Line($"a=rtpmap:{format.Number} {format.EncodingName}/{format.ClockRate}{(format.IsEncoding("opus") ? "/2" : "")}");
        }

        if (format.FormatParameters is { } parameters)
        {
            writer.Line($"a=fmtp:{format.Number} {parameters}");
        }
    }

    /// <summary>A refused media still takes its place, with one of its formats, which means nothing (RFC 3264 section 6).</summary>
    private static void Refuse(SdpWriter writer, MediaDescription offered)
    {
        writer.Media(offered.Kind, 0, offered.Protocol, offered.Formats[0], offered.Mid);
        writer.Line("a=inactive");
    }
}
