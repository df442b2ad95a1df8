using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace P2PCam;

/// <summary>
/// Trusts one certificate, or one authority, by its SHA-256 and nothing else. Servers leave the authority out of the chain they send (RFC 8446
/// section 4.4.2 lets them), so it is fetched from the host's <c>/trust/p2pcam-ca.crt</c>; whoever serves that, it counts only if its hash is the pin.
/// </summary>
internal sealed class CertificatePin
{
    private const int LargestCertificate = 64 * 1024;
    private readonly string _fingerprint;
    private readonly Uri _authorityAddress;
    private X509Certificate2? _authority;

    private CertificatePin(string fingerprint, Uri endpoint)
    {
        _fingerprint = fingerprint;

        _authorityAddress = new Uri(new UriBuilder(endpoint) { Scheme = "https", Port = endpoint.Port, Query = "", Fragment = "" }.Uri, "trust/p2pcam-ca.crt");
    }

    /// <summary>The pin, or null for none.</summary>
    /// <param name="fingerprint">SHA-256 as hex, with or without colons and blanks; null for none.</param>
    /// <param name="endpoint">The signaling endpoint; the authority is beside it.</param>
    /// <exception cref="ArgumentException">It is no SHA-256, or the endpoint shows no certificate.</exception>
    public static CertificatePin? For(string? fingerprint, Uri endpoint)
    {
        if (fingerprint is null)
        {
            return null;
        }

        var hex = string.Concat(fingerprint.Where(c => c != ':' && !char.IsWhiteSpace(c)));
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException(
                $"ServerCertificateSha256 takes the 64 hexadecimal digits of a SHA-256, with or without colons, as the host prints it; this has {hex.Length} {(hex.All(char.IsAsciiHexDigit) ? "digits" : "characters, and not all are digits")}.", nameof(fingerprint));
        }

        return SignalingAddress.IsEncrypted(endpoint)
            ? new CertificatePin(hex, endpoint)
            : throw new ArgumentException($"ServerCertificateSha256 names a certificate, and {endpoint} shows none: write {(endpoint.Scheme == "ws" ? "wss" : "https")}://, or leave the fingerprint out.", nameof(fingerprint));
    }

    /// <summary>Dials; if that fails and the authority is not known yet, fetches it and dials once more.</summary>
    public async Task<T> TryAsync<T>(Func<Task<T>> dial, CancellationToken cancellationToken)
    {
        try
        {
            return await dial();
        }
        catch (Exception e) when (e is not OperationCanceledException && _authority is null)
        {
            _authority = await FetchAuthorityAsync(cancellationToken);
            if (_authority is null)
            {
                throw;
            }
        }

        return await dial();
    }

    /// <summary>Whether it is the pinned certificate, or one for this host that chains up to the pinned authority; nothing else is right.</summary>
    public bool IsMet(X509Certificate2? leaf, X509Chain? chain, SslPolicyErrors errors) =>
        leaf is not null
        && (IsPinned(leaf)
            || ((errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) == 0 && IsSigned(leaf, chain, X509VerificationFlags.NoFlag)));

    /// <summary>Whether the pinned authority has signed it, be it for this host and this time or not.</summary>
    public bool AuthorityIsMet(X509Certificate2 leaf, X509Chain? chain) => IsSigned(leaf, chain, X509VerificationFlags.IgnoreNotTimeValid);

    private bool IsSigned(X509Certificate2 leaf, X509Chain? chain, X509VerificationFlags flags)
    {
        var authority = chain?.ChainElements.Select(element => element.Certificate).Concat(chain.ChainPolicy.ExtraStore).FirstOrDefault(IsPinned) ?? _authority;
        if (authority is null)
        {
            return false;
        }

        using var pinned = new X509Chain();
        pinned.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        pinned.ChainPolicy.CustomTrustStore.Add(authority);
        pinned.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        pinned.ChainPolicy.VerificationFlags = flags;
        pinned.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // serverAuth
        if (chain is not null)
        {
            pinned.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        }

        return pinned.Build(leaf);
    }

    private bool IsPinned(X509Certificate2 candidate) =>
        string.Equals(candidate.GetCertHashString(HashAlgorithmName.SHA256), _fingerprint, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null if there is none, or it is not the pinned one. The connection proves nothing and need not: what it brings is checked by its hash.</summary>
    private async Task<X509Certificate2?> FetchAuthorityAsync(CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
#pragma warning disable CA5359 // Nothing is sent here but the request for a public file, and the file is believed only if its SHA-256 is the pin.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = LargestCertificate };
        try
        {
            var fetched = X509CertificateLoader.LoadCertificate(await client.GetByteArrayAsync(_authorityAddress, cancellationToken));
            if (IsPinned(fetched))
            {
                return fetched;
            }

            fetched.Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException)
        {
            // The reason why dialling failed says more.
        }

        return null;
    }
}
