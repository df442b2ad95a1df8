using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace P2PCam.WebRtc.Dtls.Peers;

/// <summary>Our certificate and its key, as the library wants to see them; the platform does the signing.</summary>
internal sealed class DtlsCredentials : TlsCredentialedSigner
{
    private readonly DtlsCertificate _certificate;

    public DtlsCredentials(TlsContext context, DtlsCertificate certificate)
    {
        _certificate = certificate;
        Certificate = new Certificate([new BcTlsCertificate((BcTlsCrypto)context.Crypto, certificate.Encoded.ToArray())]);
    }

    public Certificate Certificate { get; }

    public SignatureAndHashAlgorithm SignatureAndHashAlgorithm => DtlsNegotiation.EcdsaSha256;

    public byte[] GenerateRawSignature(byte[] hash) => _certificate.SignHash(hash);

    public TlsStreamSigner? GetStreamSigner() => null;
}
