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
    private string? _refused;

    /// <param name="fingerprint">SHA-256 as hex, with or without colons.</param>
    /// <param name="endpoint">The signaling endpoint; the authority is beside it.</param>
    public CertificatePin(string fingerprint, Uri endpoint)
    {
        _fingerprint = fingerprint.Replace(":", "", StringComparison.Ordinal).Trim();
        if (_fingerprint.Length != 64 || !_fingerprint.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException("A certificate's SHA-256 has 64 hexadecimal digits, with or without colons.", nameof(fingerprint));
        }

        _authorityAddress = new Uri(new UriBuilder(endpoint) { Scheme = "https", Port = endpoint.Port, Query = "", Fragment = "" }.Uri, "trust/p2pcam-ca.crt");
    }

    /// <summary>Dials; if that fails and the authority is not known yet, fetches it and dials once more.</summary>
    /// <exception cref="HttpRequestException">The server's certificate was refused; the message says which it is.</exception>
    public async Task<T> TryAsync<T>(Func<Task<T>> dial, CancellationToken cancellationToken)
    {
        _refused = null;
        try
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
        catch (Exception e) when (e is not OperationCanceledException && _refused is { } sha256)
        {
            throw new HttpRequestException($"the server's certificate is not the pinned one, nor one for this host by the pinned authority. Its own SHA-256 is {sha256}.", e);
        }
    }

    /// <summary>Accepts the pinned certificate, or one for this host that chains up to the pinned authority; nothing else.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        var isRight = IsRight(leaf, chain, errors);
        _refused = isRight ? null : leaf.GetCertHashString(HashAlgorithmName.SHA256);
        return isRight;
    }

    private bool IsRight(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        if (IsPinned(leaf))
        {
            return true;
        }

        var authority = chain?.ChainElements.Select(element => element.Certificate).Concat(chain.ChainPolicy.ExtraStore).FirstOrDefault(IsPinned) ?? _authority;
        if (authority is null || (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) != 0)
        {
            return false;
        }

        using var pinned = new X509Chain();
        pinned.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        pinned.ChainPolicy.CustomTrustStore.Add(authority);
        pinned.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
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
