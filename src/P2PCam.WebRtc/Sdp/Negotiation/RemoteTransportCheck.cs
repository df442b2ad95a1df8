namespace P2PCam.WebRtc.Sdp;

/// <summary>What every description from the other side must bring before a packet is sent, whichever way the media go.</summary>
internal static class RemoteTransportCheck
{
    private const int MinimumUfrag = 4;
    private const int MinimumPassword = 22;

    /// <summary>
    /// Whether a media runs RTP over DTLS-SRTP. The older name without UDP/TLS means the same where a fingerprint is given.
    /// </summary>
    public static bool IsSecureRtp(string protocol) => protocol is "UDP/TLS/RTP/SAVPF" or "TCP/TLS/RTP/SAVPF" or "RTP/SAVPF";

    public static bool TryCheck(MediaDescription media, SdpTransport transport, out NegotiationError error)
    {
        error = (media, transport) switch
        {
            _ when !IsSecureRtp(media.Protocol) =>
                new(NegotiationErrorCode.UnsupportedProtocol, "The video media is not UDP/TLS/RTP/SAVPF."),
            _ when !media.HasRtcpMux =>
                new(NegotiationErrorCode.NoRtcpMux, "The video media lacks a=rtcp-mux."),
            _ when !SdpText.IsIceText(transport.IceUfrag, MinimumUfrag) || !SdpText.IsIceText(transport.IcePassword, MinimumPassword) =>
                new(NegotiationErrorCode.NoIceCredentials, "The video media lacks a valid a=ice-ufrag and a=ice-pwd."),
            _ when !transport.Fingerprints.Any(IsStrong) =>
                new(NegotiationErrorCode.NoFingerprint, "The video media lacks an a=fingerprint by sha-256 or better."),
            _ => default,
        };
        return error.Code == NegotiationErrorCode.None;
    }

    /// <summary>The fingerprints that prove something; SHA-1 and MD5 no longer do (RFC 8122 section 5.1).</summary>
    public static IReadOnlyList<SdpFingerprint> StrongFingerprints(SdpTransport transport) => [.. transport.Fingerprints.Where(IsStrong)];

    private static bool IsStrong(SdpFingerprint fingerprint) => fingerprint.Algorithm is "sha-256" or "sha-384" or "sha-512";
}
