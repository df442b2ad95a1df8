using P2PCam.WebRtc.Sdp;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>What one side of a session calls itself in SDP, RTP and RTCP, drawn once.</summary>
internal sealed record LocalIdentity(ulong SdpSession, uint Ssrc, uint RtxSsrc, string CanonicalName)
{
    public static LocalIdentity Create(IRandomSource random) => new(
        PeerSessionNegotiation.RandomUInt64(random) >> 1,
        PeerSessionNegotiation.RandomSsrc(random),
        PeerSessionNegotiation.RandomSsrc(random),
        PeerSessionNegotiation.RandomUInt64(random).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    public LocalMediaParameters Describe(PeerSessionOptions options, Ice.IceAgent ice, IReadOnlyList<string> candidates, bool weSend) => new()
    {
        SessionId = SdpSession,
        IceUfrag = ice.LocalUfrag,
        IcePassword = ice.LocalPassword,
        Fingerprint = PeerSessionNegotiation.LocalFingerprint(options),
        Cname = CanonicalName,
        Ssrc = weSend ? Ssrc : null,
        RtxSsrc = weSend ? RtxSsrc : null,
        StreamId = options.StreamId,
        Candidates = candidates,
        HasEndOfCandidates = true,
    };
}
