using P2PCam.WebRtc.Ice;

namespace P2PCam.WebRtc.Sdp;

/// <summary>What every description from the other side must bring before a packet is sent, whichever way the media go.</summary>
internal static class RemoteTransportCheck
{
    /// <summary>
    /// Whether a media runs RTP over DTLS-SRTP: by its name, or, since some write the older names and mean the same, by its fingerprint
    /// (RFC 9429 section 5.1.2).
    /// </summary>
    public static bool IsSecureRtp(string protocol, bool hasFingerprint) => protocol.ToUpperInvariant() switch
    {
        "UDP/TLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" or "TCP/TLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVP" or "RTP/SAVPF" or "RTP/SAVP" => true,
        "RTP/AVPF" or "RTP/AVP" => hasFingerprint,
        _ => false,
    };

    public static bool TryCheck(MediaDescription media, SdpTransport transport, out NegotiationError error)
    {
        error = (media, transport) switch
        {
            _ when !IsSecureRtp(media.Protocol, transport.Fingerprints.Count > 0) =>
                new(NegotiationErrorCode.UnsupportedProtocol, "The video media is not UDP/TLS/RTP/SAVPF."),
            _ when !transport.HasRtcpMux =>
                new(NegotiationErrorCode.NoRtcpMux, "The video media lacks a=rtcp-mux."),
            _ when transport is { IceUfrag: null } or { IcePassword: null } =>
                new(NegotiationErrorCode.NoIceCredentials, "The video media lacks a=ice-ufrag and a=ice-pwd, and so does the media that its BUNDLE group names first."),
            _ when !IceCredentials.AreValid(transport.IceUfrag!, transport.IcePassword!) =>
                new(NegotiationErrorCode.NoIceCredentials, $"The video media's a=ice-ufrag or a=ice-pwd is not valid: {IceCredentials.Rule}."),
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
