using System.Globalization;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Finds in the other side's media what we can use: by name and parameters, never by number.</summary>
internal static class VideoMatcher
{
    private const string RtxName = "rtx";

    private delegate bool Match(SdpPayloadType offered, bool weSend, out CodecMatch match);

    /// <summary>The codecs that the media has too, in our order, each with the media's best payload type for it.</summary>
    /// <param name="media">The other side's.</param>
    /// <param name="rules">What we have.</param>
    /// <param name="weSend">Which way the media go.</param>
    public static List<NegotiatedCodec> ChooseCodecs(MediaDescription media, IReadOnlyList<IVideoCodecRule> rules, bool weSend)
    {
        var chosen = new List<NegotiatedCodec>(rules.Count);
        foreach (var rule in rules)
        {
            var matches = FindAll(media, rule, weSend);
            if (matches.Count > 0)
            {
                chosen.Add(matches.MinBy(each => each.Rank).Codec);
            }
        }

        return chosen;
    }

    /// <summary>Every payload type that can be used, in our order of codecs: a sender that is answered several may use any of them.</summary>
    public static List<NegotiatedCodec> FindAllCodecs(MediaDescription media, IReadOnlyList<IVideoCodecRule> rules, bool weSend) =>
        [.. rules.SelectMany(rule => FindAll(media, rule, weSend)).Select(each => each.Codec)];

    /// <summary>
    /// Why payload types that are of our codecs by name cannot be used, as sentences with a blank before each; empty when there are none.
    /// </summary>
    public static string ExplainMismatches(MediaDescription media, IReadOnlyList<IVideoCodecRule> rules, bool weSend) => string.Concat(rules
        .SelectMany(rule => PayloadTypesOf(media, rule).Select(payloadType => rule.ExplainMismatch(payloadType, weSend)))
        .Where(reason => reason is not null)
        .Distinct()
        .Select(reason => $" {reason}"));

    private static List<(int Rank, NegotiatedCodec Codec)> FindAll(MediaDescription media, IVideoCodecRule rule, bool weSend)
    {
        var found = FindAll(media, rule, weSend, rule.TryMatch);
        return found.Count > 0 ? found : FindAll(media, rule, weSend, rule.TryMatchOther);
    }

    private static List<(int Rank, NegotiatedCodec Codec)> FindAll(
        MediaDescription media, IVideoCodecRule rule, bool weSend, Match tryMatch)
    {
        var found = new List<(int, NegotiatedCodec)>();
        foreach (var payloadType in PayloadTypesOf(media, rule))
        {
            if (tryMatch(payloadType, weSend, out var match))
            {
                var feedback = RtcpFeedbackNames.In(payloadType) & (weSend ? RtcpFeedbackKinds.All : RtcpFeedbackKinds.Sent);
                var rtx = feedback.HasFlag(RtcpFeedbackKinds.Nack) ? FindRetransmission(media, payloadType.Number) : null;
                var codec = new NegotiatedCodec(rule.Codec, payloadType.Number, rtx, match.Parameters, feedback);
                found.Add((match.Rank, codec with { ParameterSets = match.ParameterSets }));
            }
        }

        return found;
    }

    private static IEnumerable<SdpPayloadType> PayloadTypesOf(MediaDescription media, IVideoCodecRule rule)
    {
        var name = RtpVideoCodecNames.Of(rule.Codec);
        return media.PayloadTypes.Where(each => each.IsEncoding(name) && each.ClockRate == NegotiatedCodec.ClockRate);
    }

    /// <summary>The identifiers for the extensions in use. Only the one-byte form's 1–14 are taken, and only in our direction.</summary>
    public static HeaderExtensionIds ChooseExtensions(MediaDescription media, SdpDirection notThisWay)
    {
        byte Id(string uri) => (byte)(Find(media, uri, notThisWay)?.Id ?? 0);
        return new HeaderExtensionIds(Id(HeaderExtensionUris.Mid), Id(HeaderExtensionUris.AbsoluteSendTime), Id(HeaderExtensionUris.TransportSequenceNumber))
        {
            Rid = Id(HeaderExtensionUris.Rid),
            RepairedRid = Id(HeaderExtensionUris.RepairedRid),
        };
    }

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
