using System.Globalization;
using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Finds in the other side's media what we can use: by name and parameters, never by number.</summary>
internal static class VideoMatcher
{
    private const string RtxName = "rtx";

    /// <summary>Our first codec that the media has too, in the media's first matching payload type.</summary>
    public static NegotiatedCodec? ChooseCodec(MediaDescription media, IReadOnlyList<IVideoCodecRule> rules)
    {
        foreach (var rule in rules)
        {
            foreach (var payloadType in media.PayloadTypes)
            {
                if (payloadType.IsEncoding(rule.EncodingName) && payloadType.ClockRate == NegotiatedCodec.ClockRate
                    && rule.TryMatch(payloadType, out var parameters))
                {
                    var feedback = RtcpFeedbackNames.In(payloadType);
                    var rtx = feedback.HasFlag(RtcpFeedbackKinds.Nack) ? FindRetransmission(media, payloadType.Number) : null;
                    return new NegotiatedCodec(rule.EncodingName, payloadType.Number, rtx, parameters, feedback);
                }
            }
        }

        return null;
    }

    /// <summary>The identifiers for the extensions in use. Only the one-byte form's 1–14 are taken, and only in our direction.</summary>
    public static HeaderExtensionIds ChooseExtensions(MediaDescription media, SdpDirection notThisWay) => new(
        Find(media, HeaderExtensionUris.Mid, notThisWay)?.Id is { } mid ? (byte)mid : (byte)0,
        Find(media, HeaderExtensionUris.AbsoluteSendTime, notThisWay)?.Id is { } time ? (byte)time : (byte)0,
        Find(media, HeaderExtensionUris.TransportSequenceNumber, notThisWay)?.Id is { } sequence ? (byte)sequence : (byte)0);

    /// <summary>The extmap line for a URI, if it can be used.</summary>
    /// <param name="media">The other side's.</param>
    /// <param name="uri">One of <see cref="HeaderExtensionUris"/>.</param>
    /// <param name="notThisWay">The direction that makes it useless: sendonly from a viewer, recvonly from a broadcaster.</param>
    public static SdpExtensionMap? Find(MediaDescription media, string uri, SdpDirection notThisWay)
    {
        foreach (var extension in media.Extensions)
        {
            if (extension.Uri == uri && extension.Id is >= 1 and <= 14
                && extension.Direction != notThisWay && extension.Direction != SdpDirection.Inactive)
            {
                return extension;
            }
        }

        return null;
    }

    private static byte? FindRetransmission(MediaDescription media, byte associated) => media.PayloadTypes
        .FirstOrDefault(payloadType => payloadType.IsEncoding(RtxName)
            && payloadType.ClockRate == NegotiatedCodec.ClockRate
            && payloadType.TryGetParameter("apt", out var apt)
            && byte.TryParse(apt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number == associated)?.Number;
}
