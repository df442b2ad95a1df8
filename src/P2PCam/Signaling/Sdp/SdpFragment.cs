using System.Text;
using P2PCam.WebRtc.Sdp;
using SdpNames = P2PCam.WebRtc.Sdp.SdpText;

namespace P2PCam;

/// <summary>
/// What a PATCH carries, <c>application/trickle-ice-sdpfrag</c> (RFC 8840 section 9):
/// <code>
/// a=ice-ufrag:EsAw
/// a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
/// m=video 9 UDP/TLS/RTP/SAVPF 0
/// a=mid:0
/// a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host
/// a=end-of-candidates
/// </code>
/// Media are bundled, so whichever a candidate stands under, it is for the one transport that there is.
/// </summary>
internal sealed class SdpFragment
{
    public const string ContentType = "application/trickle-ice-sdpfrag";
    private const int MaxLines = 1000;
    private readonly List<string> _candidates = [];

    /// <summary>Null if the fragment has no credentials.</summary>
    public string? Ufrag { get; private set; }

    public string? Password { get; private set; }

    /// <summary>Raw, each starting with <c>candidate:</c>. Whoever uses them leaves out what is no use, in silence.</summary>
    public IReadOnlyList<string> Candidates => _candidates;

    public bool HasEndOfCandidates { get; private set; }

    /// <summary>Reads a fragment; on failure <paramref name="error"/> says in a sentence what was wrong. Lines that mean nothing here are skipped.</summary>
    public static bool TryParse(string text, out SdpFragment fragment, out string error)
    {
        fragment = new SdpFragment();
        var number = 0;
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = each.Trim(SdpNames.Blanks);
            if (line.IsEmpty)
            {
                continue;
            }

            if (number > MaxLines || line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0]) || line.ContainsAnyInRange('\0', '\u0008') || line.ContainsAnyInRange('\u000A', '\u001F'))
            {
                error = number > MaxLines ? $"More than {MaxLines} lines." : $"Line {number} is not of the form letter=value.";
                return false;
            }

            if (line.StartsWith("a=", StringComparison.Ordinal) && !fragment.TryTake(line[2..], out error))
            {
                return false;
            }
        }

        error = (fragment.Ufrag is null) != (fragment.Password is null)
            ? "a=ice-ufrag and a=ice-pwd come together."
            : fragment.Ufrag is null && fragment.Candidates.Count == 0 && !fragment.HasEndOfCandidates ? "It has neither credentials nor candidates." : "";
        return error.Length == 0;
    }

    /// <summary>Writes one for a single bundled media.</summary>
    public static string Format(string ufrag, string password, string? mid, IEnumerable<string> candidates)
    {
        var text = new StringBuilder();
        text.Append("a=ice-ufrag:").Append(ufrag).Append("\r\na=ice-pwd:").Append(password).Append("\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\n");
        if (mid is not null)
        {
            text.Append("a=mid:").Append(mid).Append("\r\n");
        }

        foreach (var candidate in candidates)
        {
            text.Append("a=").Append(candidate).Append("\r\n");
        }

        return text.Append("a=end-of-candidates\r\n").ToString();
    }

    private bool TryTake(ReadOnlySpan<char> attribute, out string error)
    {
        error = "";
        var name = SdpNames.AttributeName(attribute);
        var value = SdpNames.AttributeValue(attribute);
        if (SdpNames.AreSame(name, "candidate"))
        {
            if (_candidates.Count == SdpLimits.MaxCandidates)
            {
                error = $"More than {SdpLimits.MaxCandidates} candidates.";
                return false;
            }

            _candidates.Add($"candidate:{value}");
        }
        else if (SdpNames.AreSame(name, "ice-ufrag"))
        {
            Ufrag ??= value.ToString();
        }
        else if (SdpNames.AreSame(name, "ice-pwd"))
        {
            Password ??= value.ToString();
        }
        else if (SdpNames.AreSame(name, "end-of-candidates"))
        {
            HasEndOfCandidates = true;
        }

        return true;
    }
}
