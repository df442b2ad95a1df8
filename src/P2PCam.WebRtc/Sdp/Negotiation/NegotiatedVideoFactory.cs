namespace P2PCam.WebRtc.Sdp;

/// <summary>Puts together what was chosen and what the other side said.</summary>
internal static class NegotiatedVideoFactory
{
    /// <param name="remote">The other side's description.</param>
    /// <param name="index">Its video media.</param>
    /// <param name="bundle">The bundle of that media.</param>
    /// <param name="codecs">What was chosen from it.</param>
    /// <param name="isDtlsClient">Who starts the handshake.</param>
    /// <param name="notThisWay">See <see cref="VideoMatcher.Find"/>.</param>
    public static NegotiatedVideo Create(
        SessionDescription remote, int index, MediaBundle bundle, IReadOnlyList<NegotiatedCodec> codecs, bool isDtlsClient, SdpDirection notThisWay)
    {
        var media = remote.Media[index];
        var (transport, candidates) = (bundle.Transport, bundle.CandidateSource);
        var source = media.Sources.FirstOrDefault(each => !IsRetransmission(media, each.Ssrc));
        return new NegotiatedVideo
        {
            MediaIndex = index,
            Mid = media.Mid,
            Codecs = codecs,
            Extensions = VideoMatcher.ChooseExtensions(media, notThisWay),
            HasReducedSizeRtcp = transport.HasReducedSizeRtcp,
            IsDtlsClient = isDtlsClient,
            RemoteFingerprints = RemoteTransportCheck.StrongFingerprints(transport),
            RemoteIceUfrag = transport.IceUfrag!,
            RemoteIcePassword = transport.IcePassword!,
            IsRemoteIceLite = remote.IsIceLite,
            HasRemoteTrickle = transport.IceOptions.Contains("trickle", StringComparer.OrdinalIgnoreCase),
            RemoteCandidates = candidates.Candidates,
            HasRemoteEndOfCandidates = candidates.HasEndOfCandidates,
            RemoteSsrc = source?.Ssrc,
            RemoteRtxSsrc = source is null ? null : media.FindRetransmissionSsrc(source.Ssrc),
        };
    }

    private static bool IsRetransmission(MediaDescription media, uint ssrc) =>
        media.SourceGroups.Any(group => group.IsRetransmissionPair && group.Ssrcs[1] == ssrc);
}
