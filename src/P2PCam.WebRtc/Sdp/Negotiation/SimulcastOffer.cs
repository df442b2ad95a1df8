namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// The layers that a sender offers (RFC 8853 section 5.1, RFC 8851 section 4).
/// <code>
/// a=rid:q send
/// a=simulcast:send q;h;f      layers are separated by ';', alternatives for one by ',', and '~' marks one that is paused at first
/// </code>
/// </summary>
internal static class SimulcastOffer
{
    private const string Send = "send";
    private const int MaxLayers = 4;

    // What a one-byte header extension carries (RFC 8852 section 3).
    private const int MaxName = 16;

    /// <summary>The rids in the order of the offer, the first alternative of each; empty when there is no simulcast that can be taken.</summary>
    public static IReadOnlyList<string> ReadSentLayers(MediaDescription media)
    {
        foreach (var attribute in media.OtherAttributes)
        {
            if (attribute is not { Name: "simulcast", Value: { } value })
            {
                continue;
            }

            // Blanks within the list mean as little as anywhere else.
            var behind = SdpText.SplitWords(value).SkipWhile(word => !SdpText.AreSame(word, Send)).Skip(1);
            return Read(media, string.Concat(behind.TakeWhile(word => !SdpText.AreSame(word, "recv"))));
        }

        return [];
    }

    private static List<string> Read(MediaDescription media, string list)
    {
        var layers = new List<string>();
        foreach (var alternatives in list.Split(';', MaxLayers + 1))
        {
            var name = alternatives.Split(',', 2)[0].TrimStart('~');
            if (layers.Count < MaxLayers && IsName(name) && IsSent(media, name) && !layers.Contains(name))
            {
                layers.Add(name);
            }
        }

        return layers;
    }

    private static bool IsSent(MediaDescription media, string name) =>
        media.OtherAttributes.Any(attribute => attribute is { Name: "rid", Value: { } value }
            && SdpText.SplitWords(value) is [var rid, var direction, ..] && rid == name && SdpText.AreSame(direction, Send));

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
