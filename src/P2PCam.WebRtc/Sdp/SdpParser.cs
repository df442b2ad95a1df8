using System.Globalization;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// Reads the lines of a session description (RFC 8866 section 5). CRLF and LF both end a line; blanks at its ends mean nothing.
/// <code>
/// v=0                                     first
/// o=user id version IN IP4 address
/// s=  t=  c=  b=  ...                     skipped
/// a=name[:value]                          session level
/// m=kind port[/count] protocol format ... starts a media, whose lines follow
/// a=name[:value]                          media level
/// </code>
/// </summary>
internal sealed class SdpParser
{
    private readonly SessionDescription _session = new();
    private readonly HashSet<string> _mids = [];
    private MediaDescription? _media;
    private int _candidates;
    private int _line;
    private bool _hasBegun;
    private SdpError _error;

    public bool TryParse(ReadOnlySpan<char> text, out SessionDescription description, out SdpError error)
    {
        description = _session;
        if (text.Length > SdpLimits.MaxCharacters)
        {
            Fail(SdpErrorCode.TooLarge, $"More than {SdpLimits.MaxCharacters} characters.");
            error = _error with { Line = 0 };
            return false;
        }

        // Files begin with a byte order mark where an editor saw to it; what was a string in C may come with the zero at its end.
        text = text.TrimStart('\uFEFF').TrimEnd('\0');
        while (!text.IsEmpty && _error.Code == SdpErrorCode.None)
        {
            var end = text.IndexOf('\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            ReadLine(line.Trim(SdpText.Blanks));
        }

        if (_error.Code == SdpErrorCode.None && !_hasBegun)
        {
            Fail(SdpErrorCode.NotSdp, "The text is empty.");
        }

        if (_error.Code == SdpErrorCode.None)
        {
            ApplySessionLevel();
        }

        error = _error;
        return _error.Code == SdpErrorCode.None;
    }

    internal void Fail(SdpErrorCode code, string message) => _error = new SdpError(code, _line, message);

    /// <summary>Counts a candidate against the limit for the whole description.</summary>
    internal bool TryCountCandidate()
    {
        if (++_candidates <= SdpLimits.MaxCandidates)
        {
            return true;
        }

        Fail(SdpErrorCode.TooLarge, $"More than {SdpLimits.MaxCandidates} candidates.");
        return false;
    }

    /// <summary>It is a session's, but some write it under a media.</summary>
    internal void SetIceLite() => _session.IsIceLite = true;

    internal bool TryClaimMid(string mid) => _mids.Add(mid);

    private void ReadLine(ReadOnlySpan<char> line)
    {
        if (++_line > SdpLimits.MaxLines)
        {
            Fail(SdpErrorCode.TooLarge, $"More than {SdpLimits.MaxLines} lines.");
        }
        else if (line.IsEmpty)
        {
            // Copied text often ends with, or holds, empty lines.
        }
        else if (!_hasBegun && !line.SequenceEqual("v=0"))
        {
            Fail(SdpErrorCode.NotSdp, "The first line is not v=0.");
        }
        else if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetter(line[0]) || HasControlCharacter(line))
        {
            Fail(SdpErrorCode.MalformedLine, "Not of the form letter=value, or with control characters.");
        }
        else
        {
            _hasBegun = true;
            ReadLine(line[0], line[2..]);
        }
    }

    private void ReadLine(char type, ReadOnlySpan<char> value)
    {
        switch (type)
        {
            case 'o' when _media is null:
                ReadOrigin(value);
                break;
            case 'm':
                ReadMedia(value);
                break;
            case 'a' when _media is null:
                SdpAttributeParser.ReadSessionAttribute(this, _session, value);
                break;
            case 'a':
                SdpAttributeParser.ReadMediaAttribute(this, _media, value);
                break;
            default:
                break;
        }
    }

    private void ReadOrigin(ReadOnlySpan<char> value)
    {
        if (SdpText.SplitWords(value) is not [var user, var id, var version, _, _, _])
        {
            Fail(SdpErrorCode.MalformedOrigin, "o= needs six fields.");
            return;
        }

        _session.Origin = new SdpOrigin(user, id, version);
    }

    private void ReadMedia(ReadOnlySpan<char> value)
    {
        if (_session.Media.Count == SdpLimits.MaxMedia)
        {
            Fail(SdpErrorCode.TooLarge, $"More than {SdpLimits.MaxMedia} media.");
            return;
        }

        var kind = SdpText.TakeWord(ref value);
        var port = SdpText.TakeWord(ref value);
        var protocol = SdpText.TakeWord(ref value);
        var slash = port.IndexOf('/');
        if (!SdpText.IsToken(kind) || !SdpText.IsProtocol(protocol)
            || !ushort.TryParse(slash < 0 ? port : port[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            Fail(SdpErrorCode.MalformedMedia, "m= needs a kind, a port and a protocol.");
            return;
        }

        var formats = SdpText.SplitWords(value);
        if (formats.Count == 0 || !formats.TrueForAll(format => SdpText.IsToken(format)))
        {
            Fail(SdpErrorCode.MalformedMedia, "m= needs formats, and each must be a token.");
            return;
        }

        // A media type has no case (RFC 6838 section 4.2).
        _media = new MediaDescription
        {
            Kind = kind.ToString().ToLowerInvariant(),
            Port = number,
            Protocol = protocol.ToString(),
            Formats = formats,
        };
        _media.AddFormatsAsPayloadTypes();
        _session.Add(_media);
    }

    private void ApplySessionLevel()
    {
        foreach (var media in _session.Media)
        {
            media.Transport = media.OwnTransport.Over(_session.Transport);
            _session.Extensions.ForEach(media.AddGeneral);
            media.HasEndOfCandidates |= _session.HasEndOfCandidates;
            media.Direction = media.OwnDirection ?? _session.Direction ?? SdpDirection.SendReceive;
        }
    }

    /// <summary>Tabs are let through: some devices write them.</summary>
    private static bool HasControlCharacter(ReadOnlySpan<char> line) =>
        line.ContainsAnyInRange('\0', '\u0008') || line.ContainsAnyInRange('\u000B', '\u001F') || line.Contains('\u007F');
}
