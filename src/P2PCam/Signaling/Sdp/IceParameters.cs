using System.Text;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Sdp;

namespace P2PCam;

/// <summary>The ICE half of a description: what an ICE restart changes (RFC 9725 section 4.3.2) while everything else stays.</summary>
internal sealed record IceParameters(string Ufrag, string Password, string? Mid, IReadOnlyList<string> Candidates)
{
    /// <summary>The session by its o= line, which outlives restarts (RFC 3264 section 8); null where it was not read from a description.</summary>
    public string? Session { get; private init; }

    /// <summary>Whether credentials are of the form that RFC 8839 section 5.4 gives.</summary>
    public static bool AreValid(string ufrag, string password) => IceCredentials.TryCreate(ufrag, password) is not null;

    /// <summary>What an offer or answer says for its video; null if it is no SDP or says nothing.</summary>
    public static IceParameters? Read(string sdp)
    {
        if (!SessionDescription.TryParse(sdp, out var description, out _)
            || description.Media.FirstOrDefault(media => media is { Kind: "video", IsUsable: true }) is not { } video
            || description.ResolveTransport(video) is not { IceUfrag: { } ufrag, IcePassword: { } password })
        {
            return null;
        }

        return new IceParameters(ufrag, password, video.Mid, description.ResolveCandidateSource(video).Candidates) { Session = description.Origin.SessionId };
    }

    /// <summary>The description with other credentials wherever some stand, and with these candidates instead of its own, under its first media.</summary>
    public static string Replace(string sdp, string ufrag, string password, IEnumerable<string> candidates)
    {
        var text = new StringBuilder(sdp.Length + 256);
        var media = 0;
        foreach (var line in sdp.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("m=", StringComparison.Ordinal) && ++media == 2)
            {
                Append(text, candidates);
            }

            if (line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal))
            {
                text.Append("a=ice-ufrag:").Append(ufrag).Append("\r\n");
            }
            else if (line.StartsWith("a=ice-pwd:", StringComparison.Ordinal))
            {
                text.Append("a=ice-pwd:").Append(password).Append("\r\n");
            }
            else if (!line.IsEmpty && !IsCandidate(line))
            {
                text.Append(line).Append("\r\n");
            }
        }

        if (media == 1)
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

    private static bool IsCandidate(ReadOnlySpan<char> line) =>
        line.StartsWith("a=candidate:", StringComparison.Ordinal) || line.SequenceEqual("a=end-of-candidates");

    private static void Append(StringBuilder text, IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            text.Append("a=").Append(candidate).Append("\r\n");
        }
    }
}
