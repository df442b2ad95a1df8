using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// A self-signed ECDSA P-256 certificate, as RFC 8827 section 6.5 asks for. Its fingerprint in the session description is what
/// vouches for it; name and validity say nothing. One certificate serves any number of associations and threads.
/// </summary>
internal sealed class DtlsCertificate : IDisposable
{
    private const int SerialLength = 16;
    private readonly ECDsa _key;
    private readonly byte[] _encoded;

    // An ECDsa object is not documented as safe for several threads, and handshakes have their own.
#pragma warning disable RS0030 // Dtls/ is the engine's one place with threads.
    private readonly Lock _signing = new();
#pragma warning restore RS0030

    private DtlsCertificate(ECDsa key, byte[] encoded)
    {
        _key = key;
        _encoded = encoded;
        Sha256Fingerprint = DtlsFingerprint.Format(SHA256.HashData(encoded));
    }

    /// <summary>For <c>a=fingerprint:sha-256</c>: upper-case hex pairs with colons.</summary>
    public string Sha256Fingerprint { get; }

    public DtlsFingerprint Fingerprint => new("sha-256", Sha256Fingerprint);

    /// <summary>The certificate in DER form.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <param name="random">For the serial number; null for the system's. The key always comes from the system's generator.</param>
    /// <param name="notBefore">Start of validity; a day in the past allows for wrong clocks.</param>
    /// <param name="notAfter">End of validity.</param>
    public static DtlsCertificate Create(IRandomSource? random, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=WebRTC"), key, HashAlgorithmName.SHA256);
        Span<byte> serial = stackalloc byte[SerialLength];
        (random ?? CryptographicRandom.Instance).Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x01);
        using var certificate = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), notBefore, notAfter, serial);
        return new DtlsCertificate(key, certificate.RawData);
    }

    /// <summary>Signs a hash; the result is DER encoded as TLS wants it (RFC 8422 section 5.4).</summary>
    public byte[] SignHash(byte[] hash)
    {
        lock (_signing)
        {
            return _key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public void Dispose() => _key.Dispose();
}
