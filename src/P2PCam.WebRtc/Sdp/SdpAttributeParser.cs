using System.Globalization;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Reads a= lines. One that is damaged but not needed for safety is left out, as if it were unknown: whoever needs it will miss it by name.
/// Fingerprints and mids are not treated so: dropping one would change what is agreed on.
/// </summary>
internal static class SdpAttributeParser
{
    public static void ReadSessionAttribute(SdpParser parser, SessionDescription session, ReadOnlySpan<char> text)
    {
        var name = Name(text);
        var value = Value(text);
        switch (name)
        {
            case "group" when SdpText.SplitWords(value) is { Count: > 0 } words:
                session.Add(new SdpGroup(words[0], words.GetRange(1, words.Count - 1)));
                break;
            case "ice-lite":
                session.IsIceLite = true;
                break;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                session.Direction = SdpText.ParseDirection(name);
                break;
            default:
                if (!TryReadTransport(parser, session.Transport, name, value))
                {
                    session.Add(Keep(text));
                }

                break;
        }
    }

    public static void ReadMediaAttribute(SdpParser parser, MediaDescription media, ReadOnlySpan<char> text)
    {
        var name = Name(text);
        var value = Value(text);
        switch (name)
        {
            case "mid":
                ReadMid(parser, media, value);
                break;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                media.OwnDirection = SdpText.ParseDirection(name);
                break;
            case "rtcp-mux":
                media.HasRtcpMux = true;
                break;
            case "rtcp-rsize":
                media.HasReducedSizeRtcp = true;
                break;
            case "bundle-only":
                media.IsBundleOnly = true;
                break;
            case "end-of-candidates":
                media.HasEndOfCandidates = true;
                break;
            case "candidate":
                if (parser.TryCountCandidate())
                {
                    media.AddCandidate(text.ToString());
                }

                break;
            case "msid":
                media.MediaStreamId ??= value.ToString();
                break;
            case "rtpmap":
                ReadRtpMap(media, value);
                break;
            case "fmtp":
                ReadFormatParameters(media, value);
                break;
            case "rtcp-fb":
                ReadFeedback(media, value);
                break;
            case "extmap":
                ReadExtensionMap(media, value);
                break;
            case "ssrc":
                ReadSource(media, value);
                break;
            case "ssrc-group":
                ReadSourceGroup(media, value);
                break;
            default:
                if (!TryReadTransport(parser, media.OwnTransport, name, value))
                {
                    media.Add(Keep(text));
                }

                break;
        }
    }

    private static bool TryReadTransport(SdpParser parser, SdpTransport transport, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case "ice-ufrag":
                transport.IceUfrag = value.ToString();
                return true;
            case "ice-pwd":
                transport.IcePassword = value.ToString();
                return true;
            case "ice-options":
                transport.IceOptions = SdpText.SplitWords(value);
                return true;
            case "setup":
                transport.Setup = ParseSetup(value);
                return true;
            case "fingerprint":
                if (SdpFingerprint.TryParse(value, out var fingerprint))
                {
                    transport.Add(fingerprint!);
                }
                else
                {
                    parser.Fail(SdpErrorCode.MalformedFingerprint, "The fingerprint is no hash of the length its function gives.");
                }

                return true;
            default:
                return false;
        }
    }

    private static void ReadMid(SdpParser parser, MediaDescription media, ReadOnlySpan<char> value)
    {
        if (!SdpText.IsToken(value) || media.Mid is not null || !parser.TryClaimMid(value.ToString()))
        {
            parser.Fail(SdpErrorCode.InvalidMid, "A mid must be a token, once per media and used by one media only.");
            return;
        }

        media.Mid = value.ToString();
    }

    /// <summary><c>a=rtpmap:96 VP8/90000</c></summary>
    private static void ReadRtpMap(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (TakePayloadType(media, ref value) is not { } payloadType)
        {
            return;
        }

        var slash = value.IndexOf('/');
        var rate = slash < 0 ? default : value[(slash + 1)..];
        var end = rate.IndexOf('/');
        if (slash > 0 && SdpText.IsToken(value[..slash])
            && TryParse(end < 0 ? rate : rate[..end], out var clockRate) && clockRate <= int.MaxValue)
        {
            payloadType.EncodingName = value[..slash].ToString();
            payloadType.ClockRate = (int)clockRate;
        }
    }

    /// <summary><c>a=fmtp:97 apt=96</c></summary>
    private static void ReadFormatParameters(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (TakePayloadType(media, ref value) is { } payloadType)
        {
            payloadType.FormatParameters = value.Trim(' ').ToString();
        }
    }

    /// <summary><c>a=rtcp-fb:96 nack pli</c>, or <c>*</c> for all payload types.</summary>
    private static void ReadFeedback(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (value.StartsWith("* "))
        {
            var feedback = value[2..].Trim(' ').ToString();
            foreach (var each in media.PayloadTypes)
            {
                each.AddFeedback(feedback);
            }
        }
        else if (TakePayloadType(media, ref value) is { } payloadType)
        {
            payloadType.AddFeedback(value.Trim(' ').ToString());
        }
    }

    /// <summary><c>a=extmap:3/sendonly URI attributes</c></summary>
    private static void ReadExtensionMap(MediaDescription media, ReadOnlySpan<char> value)
    {
        var id = SdpText.TakeWord(ref value);
        var uri = SdpText.TakeWord(ref value);
        var slash = id.IndexOf('/');
        if (TryParse(slash < 0 ? id : id[..slash], out var number) && number is > 0 and < 4096 && !uri.IsEmpty)
        {
            media.Add(new SdpExtensionMap((int)number, slash < 0 ? null : SdpText.ParseDirection(id[(slash + 1)..]), uri.ToString()));
        }
    }

    /// <summary><c>a=ssrc:1 cname:x</c></summary>
    private static void ReadSource(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (!TryParse(SdpText.TakeWord(ref value), out var ssrc))
        {
            return;
        }

        var source = media.GetOrAddSource(ssrc);
        switch (Name(value))
        {
            case "cname":
                source.Cname = Value(value).ToString();
                break;
            case "msid":
                source.MediaStreamId = Value(value).ToString();
                break;
            default:
                break;
        }
    }

    /// <summary><c>a=ssrc-group:FID 1 2</c></summary>
    private static void ReadSourceGroup(MediaDescription media, ReadOnlySpan<char> value)
    {
        var semantics = SdpText.TakeWord(ref value).ToString();
        var ssrcs = new List<uint>();
        while (SdpText.TakeWord(ref value) is { IsEmpty: false } word)
        {
            if (!TryParse(word, out var ssrc))
            {
                return;
            }

            ssrcs.Add(ssrc);
        }

        media.Add(new SdpSourceGroup(semantics, ssrcs));
    }

    private static SdpPayloadType? TakePayloadType(MediaDescription media, ref ReadOnlySpan<char> value) =>
        TryParse(SdpText.TakeWord(ref value), out var number) && number < 128 ? media.FindPayloadType((int)number) : null;

    private static SdpSetup ParseSetup(ReadOnlySpan<char> value) => value switch
    {
        "active" => SdpSetup.Active,
        "passive" => SdpSetup.Passive,
        "actpass" => SdpSetup.ActivePassive,
        "holdconn" => SdpSetup.HoldConnection,
        _ => SdpSetup.Unspecified,
    };

    private static bool TryParse(ReadOnlySpan<char> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> text) =>
        text.IndexOf(':') is var colon and >= 0 ? text[..colon] : text;

    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> text) =>
        text.IndexOf(':') is var colon and >= 0 ? text[(colon + 1)..] : default;

    private static SdpAttribute Keep(ReadOnlySpan<char> text) =>
        new(Name(text).ToString(), text.Contains(':') ? Value(text).ToString() : null);
}
