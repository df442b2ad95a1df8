using System.Globalization;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Reads a= lines. One that is damaged but not needed for safety is left out, as if it were unknown: whoever needs it will miss it by name.
/// Fingerprints and mids are not treated so: dropping one would change what is agreed on. Names and fixed values are read without case.
/// </summary>
internal static class SdpAttributeParser
{
    private const int MaxName = 32;

    public static void ReadSessionAttribute(SdpParser parser, SessionDescription session, ReadOnlySpan<char> text)
    {
        var name = Fold(SdpText.AttributeName(text), stackalloc char[MaxName]);
        var value = SdpText.AttributeValue(text);
        switch (name)
        {
            case "group" when SdpText.SplitWords(value) is { Count: > 0 } words:
                session.Add(new SdpGroup(words[0], words.GetRange(1, words.Count - 1)));
                break;
            case "ice-lite":
                session.IsIceLite = true;
                break;
            case "end-of-candidates":
                session.HasEndOfCandidates = true;
                break;
            case "extmap" when ReadExtensionMap(value) is { } extension:
                session.Extensions.Add(extension);
                break;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                session.Direction = SdpText.ParseDirection(name);
                break;
            default:
                if (!TryReadTransport(parser, session.Transport, name, value))
                {
                    session.Add(Keep(name, text));
                }

                break;
        }
    }

    public static void ReadMediaAttribute(SdpParser parser, MediaDescription media, ReadOnlySpan<char> text)
    {
        var name = Fold(SdpText.AttributeName(text), stackalloc char[MaxName]);
        var value = SdpText.AttributeValue(text);
        switch (name)
        {
            case "mid":
                ReadMid(parser, media, value);
                break;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                media.OwnDirection = SdpText.ParseDirection(name);
                break;
            case "ice-lite":
                parser.SetIceLite();
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
                    media.AddCandidate($"candidate:{value}");
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
            case "extmap" when ReadExtensionMap(value) is { } extension:
                media.Add(extension);
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
                    media.Add(Keep(name, text));
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
                transport.Setup = ParseSetup(Fold(value, stackalloc char[MaxName]));
                return true;
            case "rtcp-mux" or "rtcp-mux-only":
                transport.HasRtcpMux = true;
                return true;
            case "rtcp-rsize":
                transport.HasReducedSizeRtcp = true;
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

        value = value.Trim(SdpText.Blanks);
        var slash = value.IndexOf('/');
        var rate = slash < 0 ? default : value[(slash + 1)..];
        var end = rate.IndexOf('/');
        if (slash > 0 && SdpText.IsToken(value[..slash])
            && TryParse(end < 0 ? rate : rate[..end], out var clockRate) && clockRate <= int.MaxValue)
        {
            payloadType.EncodingName = value[..slash].ToString();
            payloadType.ClockRate = (int)clockRate;
            payloadType.Channels = end < 0 ? null : rate[(end + 1)..].Trim(SdpText.Blanks).ToString();
        }
    }

    /// <summary><c>a=fmtp:97 apt=96</c></summary>
    private static void ReadFormatParameters(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (TakePayloadType(media, ref value) is { } payloadType)
        {
            payloadType.FormatParameters = value.Trim(SdpText.Blanks).ToString();
        }
    }

    /// <summary><c>a=rtcp-fb:96 nack pli</c>, or <c>*</c> for all payload types.</summary>
    private static void ReadFeedback(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (value is ['*', ' ' or '\t', ..])
        {
            var feedback = value[2..].Trim(SdpText.Blanks).ToString();
            foreach (var each in media.PayloadTypes)
            {
                each.AddFeedback(feedback);
            }
        }
        else if (TakePayloadType(media, ref value) is { } payloadType)
        {
            payloadType.AddFeedback(value.Trim(SdpText.Blanks).ToString());
        }
    }

    /// <summary><c>a=extmap:3/sendonly URI attributes</c></summary>
    private static SdpExtensionMap? ReadExtensionMap(ReadOnlySpan<char> value)
    {
        var id = SdpText.TakeWord(ref value);
        var uri = SdpText.TakeWord(ref value);
        var slash = id.IndexOf('/');
        return TryParse(slash < 0 ? id : id[..slash], out var number) && number is > 0 and < 4096 && !uri.IsEmpty
            ? new SdpExtensionMap((int)number, slash < 0 ? null : SdpText.ParseDirection(Fold(id[(slash + 1)..], stackalloc char[MaxName])), uri.ToString())
            : null;
    }

    /// <summary><c>a=ssrc:1 cname:x</c></summary>
    private static void ReadSource(MediaDescription media, ReadOnlySpan<char> value)
    {
        if (!TryParse(SdpText.TakeWord(ref value), out var ssrc))
        {
            return;
        }

        var source = media.GetOrAddSource(ssrc);
        switch (Fold(SdpText.AttributeName(value), stackalloc char[MaxName]))
        {
            case "cname":
                source.Cname = SdpText.AttributeValue(value).ToString();
                break;
            case "msid":
                source.MediaStreamId = SdpText.AttributeValue(value).ToString();
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

    private static SdpAttribute Keep(ReadOnlySpan<char> name, ReadOnlySpan<char> text) =>
        new(name.ToString(), text.Contains(':') ? SdpText.AttributeValue(text).ToString() : null);

    /// <summary>In lower case. What is longer than any name that is read stays as it is.</summary>
    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> name, Span<char> buffer) =>
        name.Length <= buffer.Length && name.ContainsAnyInRange('A', 'Z') ? buffer[..name.ToLowerInvariant(buffer)] : name;
}
