using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Dtls;

/// <summary>Who sends the ClientHello: <c>a=setup:active</c> is the client, <c>passive</c> the server (RFC 5763 section 5).</summary>
internal enum DtlsRole
{
    Client,
    Server,
}

/// <summary>What one DTLS association is allowed and expected to be.</summary>
internal sealed record DtlsOptions
{
    public required DtlsRole Role { get; init; }

    public required DtlsCertificate Certificate { get; init; }

    /// <summary>From the peer's session description; its certificate must fit one of them. None: no peer is let in.</summary>
    public required IReadOnlyList<DtlsFingerprint> RemoteFingerprints { get; init; }

    /// <summary>In order of preference. As a server the first one that the client offers is taken, whatever order it prefers.</summary>
    public IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1_80];

    /// <summary>How long the whole handshake may take.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before a flight is sent again; doubles every time (RFC 6347 section 4.2.4.1, with a LAN's patience).</summary>
    public TimeSpan InitialResend { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of one UDP payload that is sent.</summary>
    public int Mtu { get; init; } = 1200;

    /// <summary>Bytes of handshake messages that are taken from the peer in one association.</summary>
    public int MaxHandshakeBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of one handshake message.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1000;

    /// <summary>Fragments that brought something new, in one association. An honest ClientHello has two or three.</summary>
    public int MaxFragments { get; init; } = 4096;
}
