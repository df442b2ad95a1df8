using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.AspNetCore.LanHttps;

namespace P2PCam.AspNetCore.Tests.LanHttps;

public sealed class UserCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate;

    public UserCertificateTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Pfx_WithPassword_IsUsed()
    {
        File.WriteAllBytes(_folder["mine.pfx"], _certificate.Export(X509ContentType.Pkcs12, "open sesame"));
        Use(new() { CertificatePath = _folder["mine.pfx"], CertificatePassword = "open sesame" });
    }

    [Fact]
    public void Pem_WithKeyInTheSameFileOrBeside_IsUsed()
    {
        var key = _certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder["both.pem"], _certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["mine.crt"], _certificate.ExportCertificatePem());
        File.WriteAllText(_folder["mine.key"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["locked.key"], key.ExportEncryptedPkcs8PrivateKeyPem("open sesame", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        Use(new() { CertificatePath = _folder["both.pem"] });
        Use(new() { CertificatePath = _folder["mine.crt"], CertificateKeyPath = _folder["mine.key"] });
        Use(new() { CertificatePath = _folder["mine.crt"], CertificateKeyPath = _folder["locked.key"], CertificatePassword = "open sesame" });
    }

    [Fact]
    public void WhatCannotBeUsed_IsOneErrorThatNamesTheFileAndNotThePassword()
    {
        File.WriteAllBytes(_folder["mine.pfx"], _certificate.Export(X509ContentType.Pkcs12, "open sesame"));
        File.WriteAllText(_folder["mine.crt"], _certificate.ExportCertificatePem());
        File.WriteAllText(_folder["garbage.pem"], "garbage");
        foreach (var (file, password) in new[] { ("mine.pfx", "CANARY"), ("mine.crt", null), ("garbage.pem", null), ("missing.pem", null), ("missing.pfx", "CANARY") })
        {
            var error = Assert.Throws<P2PException>(() => new UserCertificate(new() { CertificatePath = _folder[file], CertificatePassword = password }));
            Assert.Equal("P2P3014", error.Code);
            Assert.Contains(file, error.Message);
            Assert.DoesNotContain("CANARY", error.ToString());
        }
    }

    private void Use(LanHttpsOptions options)
    {
        var certificate = new UserCertificate(options);
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        Assert.True(certificate.Current.TargetCertificate.HasPrivateKey);
        Assert.Null(certificate.Anchor);
    }
}
