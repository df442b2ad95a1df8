namespace P2PCam.WebRtc.Sdp;

/// <summary>One format of an RTP media: rtpmap, fmtp and rtcp-fb lines of a payload type, put together (RFC 8866 section 6.6).</summary>
internal sealed class SdpPayloadType(byte number)
{
    private const int MaxFeedback = 32;

    private readonly List<string> _feedback = [];

    public byte Number { get; } = number;

    /// <summary>VP8, H264, rtx …; compare without case. Empty when there was no rtpmap line.</summary>
    public string EncodingName { get; internal set; } = "";

    public int ClockRate { get; internal set; }

    /// <summary>What follows the clock: the channels of an audio. Null where nothing does.</summary>
    public string? Channels { get; internal set; }

    /// <summary>What fmtp says, raw; null without the line.</summary>
    public string? FormatParameters { get; internal set; }

    /// <summary>The rtcp-fb values, such as <c>nack pli</c> (RFC 4585 section 4.2), those for all payload types included.</summary>
    public IReadOnlyList<string> Feedback => _feedback;

    public bool IsEncoding(string name) => EncodingName.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool HasFeedback(string value) => _feedback.Contains(value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks up <c>name=value</c> among the format parameters, which are separated by semicolons.</summary>
    public bool TryGetParameter(string name, out ReadOnlySpan<char> value)
    {
        var rest = FormatParameters.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf(';');
            var parameter = (end < 0 ? rest : rest[..end]).Trim(SdpText.Blanks);
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].TrimEnd(SdpText.Blanks).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = parameter[(equals + 1)..].TrimStart(SdpText.Blanks);
                return true;
            }
        }

        value = default;
        return false;
    }

    internal void AddFeedback(string value)
    {
        // Six kinds are in use; the bound keeps lines for all payload types from multiplying.
        if (_feedback.Count < MaxFeedback)
        {
            _feedback.Add(value);
        }
    }
}
