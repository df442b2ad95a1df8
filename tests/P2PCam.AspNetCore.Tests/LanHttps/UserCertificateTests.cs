using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.AspNetCore.LanHttps;

namespace P2PCam.AspNetCore.Tests.LanHttps;

public sealed class UserCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly CollectedLogs _logs = new();
    private readonly X509Certificate2 _certificate = Make();

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
            var error = Assert.Throws<P2PException>(() => Open(new() { CertificatePath = _folder[file], CertificatePassword = password }));
            Assert.Equal("P2P3014", error.Code);
            Assert.Contains(file, error.Message);
            Assert.DoesNotContain("CANARY", error.ToString());
        }
    }

    [Fact]
    public void RenewedFile_IsUsedWithoutARestart()
    {
        WritePem("mine.pem", _certificate, DateTime.UtcNow.AddHours(-1));
        var certificate = Open(new() { CertificatePath = _folder["mine.pem"] });
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);

        using var renewed = Make();
        WritePem("mine.pem", renewed, DateTime.UtcNow);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        Assert.Contains(_logs.Lines, line => line.Id == 3109);
    }

    [Fact]
    public void RenewedFileBehindALink_IsUsedWithoutARestart()
    {
        WritePem("old.pem", _certificate, DateTime.UtcNow.AddHours(-1));
        File.CreateSymbolicLink(_folder["live.pem"], _folder["old.pem"]);
        var certificate = Open(new() { CertificatePath = _folder["live.pem"] });

        using var renewed = Make();
        WritePem("old.pem", renewed, DateTime.UtcNow);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
    }

    [Theory]
    [InlineData("half a file")]
    [InlineData(null)]
    public void RenewedFileThatCannotBeUsed_LeavesTheOneBefore_UntilItCan(string? content)
    {
        WritePem("mine.pem", _certificate, DateTime.UtcNow.AddHours(-1));
        var certificate = Open(new() { CertificatePath = _folder["mine.pem"] });
        File.Delete(_folder["mine.pem"]);
        if (content is not null)
        {
            File.WriteAllText(_folder["mine.pem"], content);
        }

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        Assert.Single(_logs.Lines, line => line.Id == 3110 && line.Text.Contains("P2P3027"));

        using var renewed = Make();
        WritePem("mine.pem", renewed, DateTime.UtcNow.AddMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void WritePem(string file, X509Certificate2 certificate, DateTime written)
    {
        File.WriteAllText(_folder[file], certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(_folder[file], written);
    }

    private UserCertificate Open(LanHttpsOptions options) => new(options, _time, _logs);

    private void Use(LanHttpsOptions options)
    {
        var certificate = Open(options);
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        Assert.True(certificate.Current.TargetCertificate.HasPrivateKey);
        Assert.Null(certificate.Anchor);
    }
}
