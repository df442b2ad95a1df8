using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// The user's own certificate, with the intermediate ones that its file holds. Whoever renews it writes the file anew while this program runs: it is read again, without a
/// restart. One that cannot be read then is no reason to serve nothing: the one before stays.
/// </summary>
internal sealed partial class UserCertificate : IServerCertificate
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly LanHttpsOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private SslStreamCertificateContext _current;
    private (DateTime Certificate, DateTime Key) _written;
    private long _lookedAt;

    /// <exception cref="P2PException">The file is missing or no certificate, the password is wrong, or there is no key.</exception>
    public UserCertificate(LanHttpsOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_options, _timeProvider, _logger) = (options, timeProvider, logger);
        (_lookedAt, _written) = (timeProvider.GetTimestamp(), WhenWritten());
        _current = Load(options);
    }

    public TrustAnchor? Anchor => null;

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_timeProvider.GetElapsedTime(_lookedAt) >= LookInterval)
                {
                    _lookedAt = _timeProvider.GetTimestamp();
                    ReadAgainIfWritten();
                }

                return _current;
            }
        }
    }

    public IReadOnlyList<string> OwnNames =>
        [.. Current.TargetCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).Select(name => name.ToLowerInvariant())];

    private void ReadAgainIfWritten()
    {
        var written = WhenWritten();
        if (written == _written)
        {
            return;
        }

        // Certificate and key may be written one after the other: what does not fit is looked at again when the next of them was written.
        _written = written;
        try
        {
            _current = Load(_options);
            var notAfter = _current.TargetCertificate.NotAfter.ToUniversalTime();
            LogReadAgain(_options.CertificatePath!, notAfter);
        }
        catch (P2PException e)
        {
            LogNotReadAgain(Words.Sentence(e.Message));
        }
    }

    private (DateTime Certificate, DateTime Key) WhenWritten() => (WhenWritten(_options.CertificatePath), WhenWritten(_options.CertificateKeyPath));

    // What certbot and Kubernetes write anew is the target of a link. No file, or one that may not be looked at, has a time too.
    private static DateTime WhenWritten(string? path)
    {
        try
        {
            return path is null ? default : File.GetLastWriteTimeUtc(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static SslStreamCertificateContext Load(LanHttpsOptions options)
    {
        var path = options.CertificatePath!;
        if (new[] { path, options.CertificateKeyPath }.FirstOrDefault(file => file is not null && !File.Exists(file)) is { } missing)
        {
            throw new P2PException("P2P3014", $"The certificate cannot be used: there is no file {missing}.");
        }

        try
        {
            var isPfx = Path.GetExtension(path).ToLowerInvariant() is ".pfx" or ".p12";
            return isPfx ? LoadPfx(path, options.CertificatePassword) : LoadPem(path, options.CertificateKeyPath, options.CertificatePassword);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new P2PException("P2P3014", $"The certificate {path} cannot be used: {e.Message}", e);
        }
    }

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

    [LoggerMessage(EventId = 3109, Level = LogLevel.Information, Message = "The certificate {Path} was written anew and is used from now on; it is valid until {NotAfter:yyyy-MM-dd}.")]
    private partial void LogReadAgain(string path, DateTime notAfter);

    [LoggerMessage(EventId = 3110, Level = LogLevel.Warning, Message = "P2P3027: a certificate was written anew, and the one before stays in use: {Reason}")]
    private partial void LogNotReadAgain(string reason);
}
