using System.Text;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Sdp;
using SdpNames = P2PCam.WebRtc.Sdp.SdpText;

namespace P2PCam;

/// <summary>The ICE half of a description: what an ICE restart changes (RFC 9725 section 4.3.2) while everything else stays.</summary>
internal sealed record IceParameters(string Ufrag, string Password, string? Mid, IReadOnlyList<string> Candidates)
{
    /// <summary>The session by its o= line, which outlives restarts (RFC 3264 section 8); null where it was not read from a description.</summary>
    public string? Session { get; private init; }

    /// <summary>The place of the media whose transport it is.</summary>
    public int MediaIndex { get; private init; }

    /// <summary>Whether credentials are of the form that RFC 8839 section 5.4 gives.</summary>
    public static bool AreValid(string ufrag, string password) => IceCredentials.AreValid(ufrag, password);

    /// <summary>What an offer or answer says for its video; null if it is no SDP or says nothing.</summary>
    public static IceParameters? Read(string sdp)
    {
        if (!SessionDescription.TryParse(sdp, out var description, out _)
            || description.Media.FirstOrDefault(media => media is { Kind: "video", IsUsable: true }) is not { } video
            || MediaBundle.Of(description, video) is not { Transport: { IceUfrag: { } ufrag, IcePassword: { } password } } bundle)
        {
            return null;
        }

        return new IceParameters(ufrag, password, video.Mid, bundle.CandidateSource.Candidates)
        {
            Session = description.Origin.SessionId,
            MediaIndex = description.Media.ToList().IndexOf(bundle.Tagged),
        };
    }

    /// <summary>
    /// The description with other credentials wherever some stand, and with these candidates instead of its own, under the media whose transport they
    /// lead to.
    /// </summary>
    public static string Replace(string sdp, string ufrag, string password, IEnumerable<string> candidates)
    {
        var text = new StringBuilder(sdp.Length + 256);
        var place = Read(sdp)?.MediaIndex ?? 0;
        var media = -1;
        foreach (var each in sdp.AsSpan().EnumerateLines())
        {
            var line = each.Trim(SdpNames.Blanks);
            if (line.StartsWith("m=", StringComparison.Ordinal) && media++ == place)
            {
                Append(text, candidates);
            }

            if (IsAttribute(line, "ice-ufrag"))
            {
                text.Append("a=ice-ufrag:").Append(ufrag).Append("\r\n");
            }
            else if (IsAttribute(line, "ice-pwd"))
            {
                text.Append("a=ice-pwd:").Append(password).Append("\r\n");
            }
            else if (!line.IsEmpty && !IsAttribute(line, "candidate") && !IsAttribute(line, "end-of-candidates"))
            {
                text.Append(line).Append("\r\n");
            }
        }

        if (media == place)
        {
            Append(text, candidates);
        }

        return text.ToString();
    }

    /// <summary>The description with further candidates for its first media.</summary>
    public static string Add(string sdp, IReadOnlyList<string> candidates) =>
        candidates.Count == 0 || Read(sdp) is not { } own ? sdp : Replace(sdp, own.Ufrag, own.Password, own.Candidates.Concat(candidates).Distinct(StringComparer.Ordinal));

    /// <summary>For logs: without password and addresses.</summary>
    public override string ToString() => $"{Candidates.Count} candidates (hidden)";

    private static bool IsAttribute(ReadOnlySpan<char> line, string name) =>
        line.StartsWith("a=", StringComparison.Ordinal) && SdpNames.AreSame(SdpNames.AttributeName(line[2..]), name);

    private static void Append(StringBuilder text, IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            text.Append("a=").Append(candidate).Append("\r\n");
        }
    }
}
