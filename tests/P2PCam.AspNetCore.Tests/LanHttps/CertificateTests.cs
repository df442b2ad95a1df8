using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.TestKit;

namespace P2PCam.AspNetCore.Tests.LanHttps;

public class CertificateTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static X509Certificate2 Authority() => CertificateFactory.CreateAuthority("desk", NameConstraints.For(["desk", "desk.local", "desk.fritz.box", "localhost"]), Now);

    private static X509Certificate2 Leaf(X509Certificate2 authority, string subject) => IPAddress.TryParse(subject, out var address)
        ? CertificateFactory.CreateLeaf(authority, ["desk.local"], [address], Now)
        : CertificateFactory.CreateLeaf(authority, [subject], [], Now);

    public static TheoryData<string, bool> Subjects => new()
    {
        { "desk.local", true },
        { "desk", true },
        { "desk.fritz.box", true },
        { "localhost", true },
        { "camera.home.arpa", true },
        { "camera.internal", true },
        { "192.168.1.20", true },
        { "10.1.2.3", true },
        { "172.31.255.1", true },
        { "100.64.0.9", true },
        { "169.254.7.7", true },
        { "127.0.0.1", true },
        { "fd00::20", true },
        { "fe80::1", true },
        { "::1", true },
        { "example.com", false },
        { "fritz.box", false },
        { "notdesk", false },
        { "local.example.com", false },
        { "8.8.8.8", false },
        { "172.32.0.1", false },
        { "192.169.0.1", false },
        { "2001:db8::1", false },
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public void Chain_FollowsTheNameConstraints(string subject, bool expected)
    {
        using var authority = Authority();
        using var leaf = Leaf(authority, subject);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        Assert.Equal(expected, chain.Build(leaf));
        if (!expected)
        {
            Assert.Contains(chain.ChainStatus, status => status.Status is X509ChainStatusFlags.HasNotPermittedNameConstraint or X509ChainStatusFlags.InvalidNameConstraints);
        }
    }

    [ToolFact("openssl")]
    public async Task OpenSsl_AgreesOnEverySubject()
    {
        using var folder = new TemporaryFolder();
        using var authority = Authority();
        await File.WriteAllTextAsync(folder["ca.pem"], authority.ExportCertificatePem());
        foreach (var (subject, expected) in Subjects.Select(row => ((string)row[0], (bool)row[1])))
        {
            using var leaf = Leaf(authority, subject);
            await File.WriteAllTextAsync(folder["leaf.pem"], leaf.ExportCertificatePem());
            var named = IPAddress.TryParse(subject, out _) ? "-verify_ip" : "-verify_hostname";
            var (code, output) = await RunAsync("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", folder["ca.pem"], named, subject, folder["leaf.pem"]);
            Assert.True((code == 0) == expected, $"{subject}: {output}");
        }
    }

    [Fact]
    public void Authority_IsWhatDevicesExpect()
    {
        using var authority = Authority();
        var constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        var usage = authority.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.Equal((X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true), (usage.KeyUsages, usage.Critical));
        Assert.True(authority.Extensions["2.5.29.30"]!.Critical);
        Assert.Equal(10, authority.NotAfter.Year - Now.Year);
        Assert.Equal(256, authority.GetECDsaPublicKey()!.KeySize);
        Assert.StartsWith("P2PCam desk ", authority.GetNameInfo(X509NameType.SimpleName, false));
    }

    [Fact]
    public void Leaf_LivesNinetyDays_AndNeverLongerThanItsAuthority()
    {
        using var authority = Authority();
        using var leaf = CertificateFactory.CreateLeaf(authority, ["desk.local"], [], Now);
        Assert.Equal(90, (leaf.NotAfter.ToUniversalTime() - Now.UtcDateTime).TotalDays, 0.01);
        using var last = CertificateFactory.CreateLeaf(authority, ["desk.local"], [], authority.NotAfter.AddDays(-5));
        Assert.Equal(authority.NotAfter, last.NotAfter);
        Assert.Equal("1.3.6.1.5.5.7.3.1", leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
    }

    [Fact]
    public void NameConstraints_ReadBackFromTheCertificate_PermitTheSame()
    {
        using var authority = Authority();
        var read = NameConstraints.Read(authority);
        foreach (var (subject, expected) in Subjects.Select(row => ((string)row[0], (bool)row[1])))
        {
            Assert.True((IPAddress.TryParse(subject, out var address) ? NameConstraints.Permits(address) : read.Permits(subject)) == expected, subject);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
