using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Sessions;

/// <summary>What a session was made from; an offer that restarts it must say the same.</summary>
internal sealed record NegotiatedSession(NegotiatedVideo Video, LocalIdentity Identity, bool WeSend, bool WeAnswered)
{
    /// <summary>Counts our descriptions of the session, for the o= line (RFC 3264 section 8).</summary>
    public ulong Version { get; set; } = 1;
}

/// <summary>Answers an offer that restarts the ICE of a session (RFC 9429 section 4.1.10, RFC 8839 section 4.4.1.1.1).</summary>
internal static class PeerSessionRestart
{
    public static bool TryAnswer(PeerSession session, TimeSpan now, string offer, out string answer, out string error)
    {
        answer = "";
        var (options, negotiated) = (session.Options, session.Negotiated);
        if (session.HasEnded || !negotiated.WeAnswered)
        {
            error = session.HasEnded ? "The session has ended." : "The session was made from an offer of this side.";
            return false;
        }

        if (!PeerSessionNegotiation.TryAnalyzeOffer(options, offer, negotiated.WeSend, out var analysis, out error))
        {
            return false;
        }

        var video = analysis.Video;
        if (Differs(video, negotiated.Video) is { } difference)
        {
            error = $"The offer is that of another session: its {difference} is not the same.";
            return false;
        }

        IReadOnlyList<string> candidates;
        if (session.IsRemoteIce(video.RemoteIceUfrag, video.RemoteIcePassword))
        {
            candidates = PeerSessionNegotiation.DescribeCandidates(options);
        }
        else if (!session.TryRestartIce(now, video.RemoteIceUfrag, video.RemoteIcePassword, out _, out _, out candidates))
        {
            error = "The offer's ice-ufrag or ice-pwd is not of the form that RFC 8839 section 5.4 gives.";
            return false;
        }

        PeerSessionNegotiation.AddRemoteCandidates(now, session.NewestIce, video);
        var local = negotiated.Identity.Describe(options, session.NewestIce, candidates, negotiated.WeSend);
        answer = AnswerBuilder.Build(analysis, local with { SessionVersion = ++negotiated.Version });
        return true;
    }

    private static string? Differs(NegotiatedVideo offered, NegotiatedVideo before)
    {
        if (!offered.RemoteFingerprints.All(before.RemoteFingerprints.Contains))
        {
            return "certificate";
        }

        if ((offered.MediaIndex, offered.Mid) != (before.MediaIndex, before.Mid))
        {
            return "media";
        }

        if (!offered.Formats.SequenceEqual(before.Formats))
        {
            return "codecs";
        }

        return offered.IsDtlsClient == before.IsDtlsClient ? null : "DTLS role";
    }
}
