using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>The user's own certificate, with the intermediate ones that its file holds.</summary>
internal sealed class UserCertificate : IServerCertificate
{
    /// <exception cref="P2PException">The file is missing or no certificate, the password is wrong, or there is no key.</exception>
    public UserCertificate(LanHttpsOptions options)
    {
        var path = options.CertificatePath!;
        if (new[] { path, options.CertificateKeyPath }.FirstOrDefault(file => file is not null && !File.Exists(file)) is { } missing)
        {
            throw new P2PException("P2P3014", $"The certificate cannot be used: there is no file {missing}.");
        }

        try
        {
            var isPfx = Path.GetExtension(path).ToLowerInvariant() is ".pfx" or ".p12";
            Current = isPfx ? LoadPfx(path, options.CertificatePassword) : LoadPem(path, options.CertificateKeyPath, options.CertificatePassword);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new P2PException("P2P3014", $"The certificate {path} cannot be used: {e.Message}", e);
        }
    }

    public TrustAnchor? Anchor => null;

    public SslStreamCertificateContext Current { get; }

    public IReadOnlyList<string> OwnNames =>
        [.. Current.TargetCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).Select(name => name.ToLowerInvariant())];

    private static SslStreamCertificateContext LoadPfx(string path, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("it holds no private key.");
        return SslStreamCertificateContext.Create(leaf, all, offline: true);
    }

    private static SslStreamCertificateContext LoadPem(string path, string? keyPath, string? password)
    {
        using var leaf = password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        return SslStreamCertificateContext.Create(KeyUsableForTls.Of(leaf), all, offline: true);
    }
}
