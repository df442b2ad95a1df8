using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using P2PCam.WebRtc.Dtls.Records;
using P2PCam.WebRtc.Srtp;
using Certificate = Org.BouncyCastle.Tls.Certificate;

namespace P2PCam.WebRtc.Dtls.Peers;

/// <summary>
/// What client and server have in common: which certificates and SRTP profiles will do, and what came of it. Lives on the
/// handshake's thread until that is over.
/// </summary>
internal sealed class DtlsNegotiation(DtlsOptions options) : IDisposable
{
    private TlsContext? _context;
    private RecordAuthenticator? _authenticator;

    /// <summary>ECDHE_ECDSA with AES-GCM only. RFC 8827 section 6.5 asks every WebRTC endpoint for the first.</summary>
    public static readonly int[] CipherSuites =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    /// <summary>As a client, a server with an RSA certificate will do as well (GStreamer makes those by default).</summary>
    public static readonly int[] ClientCipherSuites =
    [
        .. CipherSuites,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ];

    public static readonly int[] Groups = [NamedGroup.x25519, NamedGroup.secp256r1];

    public static readonly SignatureAndHashAlgorithm EcdsaSha256 =
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

    /// <summary>What a peer may sign with: ECDSA, or RSA in both of its forms, always over SHA-256.</summary>
    public static readonly SignatureAndHashAlgorithm[] PeerSignatures =
    [
        EcdsaSha256,
        SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
    ];

    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 4096;

    public DtlsOptions Options => options;

    public DtlsFailure Failure { get; private set; }

    public string Text { get; private set; } = "";

    public SrtpProfile Profile { get; private set; }

    /// <summary>The keys, once the handshake is complete; whoever takes them owns them.</summary>
    public DtlsSrtpKeys? Keys { get; private set; }

    /// <summary>The peer's close_notify or fatal alert.</summary>
    public bool PeerClosed { get; private set; }

    /// <summary>Called when the handshake begins.</summary>
    public void Begin(TlsContext context) => _context = context;

    /// <summary>
    /// Whether an encrypted record is the peer's. Ask first when one is due, before the handshake is over: later the secrets are gone.
    /// </summary>
    public bool IsGenuine(ReadOnlySpan<byte> record)
    {
        _authenticator ??= RecordAuthenticator.TryCreate(_context!.SecurityParameters, options.Role);
        return _authenticator is not null && _authenticator.IsGenuine(record);
    }

    public void Dispose() => _authenticator?.Dispose();

    public DtlsCredentials CreateCredentials(TlsContext context) => new(context, options.Certificate);

    /// <exception cref="TlsFatalAlert">There is no certificate, or it is not the one that the session description names.</exception>
    public void CheckPeerCertificate(Certificate? chain)
    {
        if (chain is null || chain.IsEmpty)
        {
            throw Fail(DtlsFailure.NoClientCertificate, AlertDescription.bad_certificate, "The peer sent no certificate.");
        }

        var certificate = chain.GetCertificateAt(0);
        var encoded = certificate.GetEncoded();
        if (!options.RemoteFingerprints.Any(fingerprint => fingerprint.Matches(encoded)))
        {
            throw Fail(
                DtlsFailure.FingerprintMismatch,
                AlertDescription.bad_certificate,
                "The peer's certificate fits no fingerprint in its session description.");
        }

        if (!IsP256(certificate) && !IsRsa(certificate))
        {
            throw Fail(
                DtlsFailure.Protocol,
                AlertDescription.unsupported_certificate,
                $"The peer's certificate is neither for ECDSA P-256 nor for RSA of {LeastRsaBits} to {MostRsaBits} bits.");
        }
    }

    /// <summary>As a server: our most preferred profile among the client's (RFC 5764 section 4.1.1).</summary>
    public UseSrtpData ChooseProfile(UseSrtpData? offered)
    {
        foreach (var profile in options.SrtpProfiles)
        {
            if (offered is not null && offered.ProtectionProfiles.Contains((int)profile))
            {
                Profile = profile;
                return new UseSrtpData([(int)profile], []);
            }
        }

        throw Fail(DtlsFailure.NoSrtpProfile, AlertDescription.handshake_failure, "No SRTP profile in common.");
    }

    /// <summary>As a client: all our profiles.</summary>
    public UseSrtpData OfferProfiles() => new([.. options.SrtpProfiles.Select(profile => (int)profile)], []);

    /// <summary>As a client: the server's choice has to be one of ours.</summary>
    public void TakeProfile(UseSrtpData? chosen)
    {
        if (chosen is not { ProtectionProfiles: [var profile], Mki.Length: 0 } || !options.SrtpProfiles.Contains((SrtpProfile)profile))
        {
            throw Fail(DtlsFailure.NoSrtpProfile, AlertDescription.illegal_parameter, "The server chose no SRTP profile of ours.");
        }

        Profile = (SrtpProfile)profile;
    }

    /// <summary>Called once the peer's Finished was verified.</summary>
    public void Complete(TlsContext context) => Keys = new DtlsSrtpKeys(
        Profile,
        context.ExportKeyingMaterial(DtlsSrtpKeys.ExporterLabel, null, DtlsSrtpKeys.LengthOf(Profile)),
        options.Role);

    public void AlertReceived(short level, short description)
    {
        if (level == AlertLevel.fatal || description == AlertDescription.close_notify)
        {
            PeerClosed = true;
            if (Failure == DtlsFailure.None)
            {
                Failure = DtlsFailure.PeerAlert;
                Text = $"The peer ended the association: {AlertDescription.GetText(description)}.";
            }
        }
    }

    public void AlertRaised(short level, short description, string? message)
    {
        if (level == AlertLevel.fatal && Failure == DtlsFailure.None)
        {
            Failure = DtlsFailure.Protocol;
            Text = $"{AlertDescription.GetText(description)}{(message is null ? "" : ": " + message)}";
        }
    }

    public TlsFatalAlert Fail(DtlsFailure failure, short alert, string text)
    {
        Failure = failure;
        Text = text;
        return new TlsFatalAlert(alert, text);
    }

    private static bool IsP256(TlsCertificate certificate) =>
        certificate is BcTlsCertificate { X509CertificateStructure.SubjectPublicKeyInfo.Algorithm: var algorithm }
        && algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey)
        && X9ObjectIdentifiers.Prime256v1.Equals(algorithm.Parameters);

    // More bits than that are a way to make us compute (CVE-2023-29409 and its like).
    private static bool IsRsa(TlsCertificate certificate) =>
        certificate is BcTlsCertificate { X509CertificateStructure.SubjectPublicKeyInfo: var key }
        && key.Algorithm.Algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption)
        && RsaModulusBits(key) is >= LeastRsaBits and <= MostRsaBits;

    private static int RsaModulusBits(SubjectPublicKeyInfo key)
    {
        try
        {
            return RsaPublicKeyStructure.GetInstance(key.ParsePublicKey()).Modulus.BitLength;
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }
}
