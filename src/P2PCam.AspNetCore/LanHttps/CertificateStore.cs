using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Keeps the authority and the current certificate on disk, each with its key in one PEM file.</summary>
internal sealed partial class CertificateStore(string folderPath, ILogger logger)
{
    private const string AuthorityFile = "ca.pem";
    private const string LeafFile = "certificate.pem";
    private readonly OwnerOnlyFolder _folder = OwnerOnlyFolder.Open(folderPath);

    /// <summary>Where the P2PCam folder lies unless somebody chose.</summary>
    public static string DefaultDataDirectory()
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return root.Length > 0
            ? Path.Combine(root, "P2PCam")
            : throw new P2PException("P2P3011", "This user has no folder for application data (is HOME set?). Choose one by DataDirectory (LanCamera: --data-dir).");
    }

    /// <summary>The authority of before; the first time, or if asked for, a new one.</summary>
    /// <exception cref="P2PException">There is one, but it is unusable: making another is the user's decision, because devices trust the old one.</exception>
    public X509Certificate2 LoadOrCreateAuthority(bool reset, DateTimeOffset now, Func<X509Certificate2> create)
    {
        using var hold = _folder.Lock();
        var path = _folder.PathOf(AuthorityFile);
        if (!reset && _folder.Read(AuthorityFile) is { } pem)
        {
            X509Certificate2 authority;
            try
            {
                authority = X509Certificate2.CreateFromPem(pem, pem);
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                throw new P2PException("P2P3013", $"The certificate authority in {path} is damaged. Restore the file, or make a new authority by ResetAuthority (LanCamera: --reset-ca); devices that trusted the old one must then trust the new one.", e);
            }

            if (!CertificateTimes.HasExpired(authority, now))
            {
                return authority;
            }

            if (!CertificateTimes.WasMadeByWrongClock(authority))
            {
                var end = authority.NotAfter.ToUniversalTime();
                authority.Dispose();
                throw new P2PException("P2P3013", $"The certificate authority in {path} expired on {end:yyyy-MM-dd}, and this machine's clock says {now:yyyy-MM-dd}. If the clock is wrong, set it; else make a new authority by ResetAuthority (LanCamera: --reset-ca), which devices that trusted the old one must then trust.");
            }

            LogAuthorityOfWrongClock(path, authority.NotBefore.ToUniversalTime());
            authority.Dispose();
        }

        var made = create();
        _folder.Write(AuthorityFile, ToPem(made));
        var fingerprint = made.GetCertHashString(HashAlgorithmName.SHA256);
        LogAuthorityMade(path, fingerprint);
        return made;
    }

    /// <summary>The certificate of before, if it is whole and signed by this authority; a damaged one is worth a log line and no more, since another is easily made.</summary>
    public X509Certificate2? LoadLeaf(X509Certificate2 authority)
    {
        if (_folder.Read(LeafFile) is not { } pem)
        {
            return null;
        }

        try
        {
            var leaf = X509Certificate2.CreateFromPem(pem, pem);
            if (leaf.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData) && IsSignedBy(leaf, authority))
            {
                return leaf;
            }

            LogLeafReplaced(_folder.PathOf(LeafFile), Words.Sentence("it was signed by another authority"));
            leaf.Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            LogLeafReplaced(_folder.PathOf(LeafFile), Words.Sentence("it is damaged"));
        }

        return null;
    }

    public void SaveLeaf(X509Certificate2 leaf)
    {
        try
        {
            _folder.Write(LeafFile, ToPem(leaf));
        }
        catch (P2PException e)
        {
            // It works from memory; after a restart browsers meet yet another one, which is all.
            LogLeafNotSaved(Words.Sentence(e.Message));
        }
    }

    private static bool IsSignedBy(X509Certificate2 leaf, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(leaf);
    }

    private static string ToPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "A certificate authority was made: {Path}, SHA-256 {Fingerprint}.")]
    private partial void LogAuthorityMade(string path, string fingerprint);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Warning, Message = "The certificate authority in {Path} was made on {Made:yyyy-MM-dd} by this machine's clock, which was behind then, and no device takes it any more: another is made.")]
    private partial void LogAuthorityOfWrongClock(string path, DateTime made);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "The certificate in {Path} is made anew: {Reason} Devices that trust the authority notice nothing.")]
    private partial void LogLeafReplaced(string path, string reason);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "The new certificate could not be saved: {Reason}")]
    private partial void LogLeafNotSaved(string reason);
}
