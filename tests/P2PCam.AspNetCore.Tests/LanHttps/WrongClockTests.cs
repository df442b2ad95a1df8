using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>A clock that is wrong when the authority is made, later, or both; what visitors get must be good by their own clock.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class WrongClockTests : IDisposable
{
    private static readonly DateTimeOffset Right = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly CollectedLogs _logs = new();
    private LocalIdentity _identity = Identity("192.168.1.20");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Clocks => ["1970-01-01", "1999-12-31", "2024-12-31", "2025-01-01", "2026-10-01", "2026-11-29", "2031-05-05", "2049-12-31", "2099-01-01", "9000-01-01", "9999-12-31"];

    [Theory]
    [MemberData(nameof(Clocks))]
    public void FirstStart_ByAnyClock_MakesACertificateWithinItsAuthority(string clock)
    {
        var certificate = Open(new(At(clock)));
        CheckNesting(certificate);
        using var authority = Authority();
        Assert.True(authority.NotAfter > Right, "devices whose clock is right could not trust it");
        Assert.True(authority.NotBefore < Right, "devices whose clock is right could not trust it");
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void StartByAnyClock_AfterOneByTheRightClock_KeepsTheAuthority(string clock)
    {
        var before = Open(new(Right)).Anchor.Fingerprint;
        if (At(clock) > Right.AddYears(10))
        {
            var error = Assert.Throws<P2PException>(() => Open(new(At(clock))));
            Assert.Equal("P2P3013", error.Code);
            Assert.Contains($"clock says {clock}", error.Message);
            return;
        }

        var certificate = Open(new(At(clock)));
        Assert.Equal(before, certificate.Anchor.Fingerprint);
        CheckNesting(certificate);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void ClockThatIsSetWhileRunning_LeadsToACertificateThatIsGoodNow(string clock)
    {
        var time = new ManualTime(At(clock));
        var certificate = Open(time);
        _ = certificate.Current;
        time.Advance(Right - At(clock));
        var leaf = certificate.Current.TargetCertificate;
        Assert.True(leaf.NotBefore < Right && leaf.NotAfter > Right, $"{leaf.NotBefore:u} to {leaf.NotAfter:u}");
        CheckNesting(certificate);
        Assert.Same(certificate.Current, certificate.Current);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void ClockThatGoesWrongWhileRunning_EndsNoHandshake(string clock)
    {
        var time = new ManualTime(Right);
        var certificate = Open(time);
        _ = certificate.Current;
        time.Advance(At(clock) - Right);
        _identity = Identity("192.168.7.7");
        CheckNesting(certificate);
        Assert.Same(certificate.Current, certificate.Current);
    }

    [Fact]
    public void AuthorityOfAnEarlierVersion_ThatBeganTheDayBefore_TakesAClockThatIsBehind()
    {
        WriteAuthority(Right.AddDays(-1), Right.AddYears(10));
        var certificate = Open(new(Right.AddMonths(-3)));
        CheckNesting(certificate);
        Assert.True(certificate.Current.TargetCertificate.NotAfter > Right.AddYears(1), "by a clock that is surely behind nobody knows how long it takes");
        Assert.Contains(_logs.Lines, line => line.Id == 3107 && line.Text.Contains("P2P3025") && line.Text.Contains("--reset-ca"));
    }

    [Fact]
    public void AuthorityOfAnEarlierVersion_ThatAClockMadeWhichWasBehind_IsReplaced_SinceNoDeviceTakesIt()
    {
        WriteAuthority(At("1970-01-01"), At("1980-01-01"));
        using var useless = Authority();
        var certificate = Open(new(Right));
        Assert.NotEqual(useless.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), certificate.Anchor.Fingerprint.Replace(":", "", StringComparison.Ordinal));
        CheckNesting(certificate);
        Assert.Contains(_logs.Lines, line => line.Id == 3106);
    }

    [Fact]
    public void AuthorityOfAnEarlierVersion_ThatAClockMadeWhichWasAhead_IsKeptWithWordsThatSayBoth()
    {
        WriteAuthority(At("2049-01-01"), At("2059-01-01"));
        CheckNesting(Open(new(Right)));
        Assert.Contains(_logs.Lines, line => line.Text.Contains("clock says 2026-11-30") && line.Text.Contains("good from 2049-01-01"));
    }

    [Fact]
    public void AuthorityThatExpiresWhileRunning_IsSaidOnce_AndHandshakesGoOn()
    {
        WriteAuthority(Right.AddYears(-9), Right.AddDays(30));
        var time = new ManualTime(Right);
        var certificate = Open(time);
        _ = certificate.Current;
        time.Advance(TimeSpan.FromDays(31));
        for (var visit = 0; visit < 3; visit++)
        {
            _identity = Identity($"192.168.7.{visit + 1}");
            time.Advance(TimeSpan.FromSeconds(6));
            CheckNesting(certificate);
            Assert.Same(certificate.Current, certificate.Current);
        }

        Assert.Single(_logs.Lines, line => line.Id == 3108 && line.Text.Contains("P2P3026"));
    }

    [Fact]
    public void ClockThatIsBehind_IsSaidOnce_AndAgainWhenItHappensAgain()
    {
        var time = new ManualTime(At("1970-01-01"));
        var certificate = Open(time);
        _ = (certificate.Current, certificate.Current);
        Assert.Single(_logs.Lines, line => line.Id == 3107);
        time.Advance(Right - At("1970-01-01"));
        _ = certificate.Current;
        time.Advance(At("1970-01-02") - Right);
        _ = certificate.Current;
        Assert.Equal(2, _logs.Lines.Count(line => line.Id == 3107));
    }

    private static DateTimeOffset At(string date) => DateTimeOffset.Parse(date + "Z", System.Globalization.CultureInfo.InvariantCulture);

    private static LocalIdentity Identity(string address) => LocalIdentity.Create("desk", [], [IPAddress.Parse(address)]);

    private LanCertificate Open(ManualTime time) =>
        new(new LanHttpsOptions { DataDirectory = _folder.Path }, new LocalIdentitySource(time, () => _identity), time, _logs);

    private X509Certificate2 Authority() => X509Certificate2.CreateFromPem(File.ReadAllText(_folder["https/ca.pem"]));

    /// <summary>As versions before this one made it: by the clock alone.</summary>
    private void WriteAuthority(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        Open(new(Right));
        using var made = X509Certificate2.CreateFromPemFile(_folder["https/ca.pem"]);
        using var key = made.GetECDsaPrivateKey()!;
        var request = new CertificateRequest(made.SubjectName, key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var extension in made.Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        using var other = request.CreateSelfSigned(notBefore, notAfter);
        File.WriteAllText(_folder["https/ca.pem"], $"{other.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private void CheckNesting(LanCertificate certificate)
    {
        using var authority = Authority();
        var leaf = certificate.Current.TargetCertificate;
        Assert.True(leaf.NotBefore >= authority.NotBefore, $"{leaf.NotBefore:u} is earlier than its authority's {authority.NotBefore:u}");
        Assert.True(leaf.NotAfter <= authority.NotAfter, $"{leaf.NotAfter:u} is later than its authority's {authority.NotAfter:u}");
        Assert.True(leaf.NotBefore < leaf.NotAfter);
        Assert.True(leaf.NotAfter - leaf.NotBefore <= TimeSpan.FromDays(825), "Apple's systems take no longer one");
    }
}
