using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Writes the broadcaster's answer (RFC 9429 section 5.3.1): every media of the offer in its order, the video sendonly with one codec and
/// its RTX, all others refused with port 0.
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
                Accept(writer, offer.Media[i], video, local);
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

    private static void Accept(SdpWriter writer, MediaDescription offered, NegotiatedVideo video, LocalMediaParameters local)
    {
        var codec = video.Codec;
        var formats = codec.RtxPayloadType is { } rtx ? $"{codec.PayloadType} {rtx}" : $"{codec.PayloadType}";
        writer.Media("video", 9, offered.Protocol, formats, video.Mid);
        writer.Transport(local, video.IsDtlsClient ? "active" : "passive");
        writer.Line("a=sendonly");
        writer.Line("a=rtcp-mux");
        if (video.HasReducedSizeRtcp)
        {
            writer.Line("a=rtcp-rsize");
        }

        foreach (var uri in HeaderExtensionUris.All)
        {
            if (VideoMatcher.Find(offered, uri, SdpDirection.SendOnly) is { } extension)
            {
                writer.Extension(extension.Id, uri, extension.Direction == SdpDirection.ReceiveOnly ? SdpDirection.SendOnly : null);
            }
        }

        writer.Codec(codec);
        writer.Line($"a=msid:{local.StreamId} {local.TrackId}");
        writer.Sources(local, codec.RtxPayloadType is not null);
    }

    /// <summary>A refused media still takes its place, with one of its formats, which means nothing (RFC 3264 section 6).</summary>
    private static void Refuse(SdpWriter writer, MediaDescription offered)
    {
        writer.Media(offered.Kind, 0, offered.Protocol, offered.Formats[0], offered.Mid);
        writer.Line("a=inactive");
    }
}
