using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.Tests.LanHttps;

[UnsupportedOSPlatform("windows")]
public sealed class LanCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly CollectedLogs _logs = new();
    private LocalIdentity _identity = Identity("desk", "192.168.1.20");

    private string AuthorityPath => _folder["https/ca.pem"];

    private string LeafPath => _folder["https/certificate.pem"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SecondStart_UsesTheSameAuthorityAndCertificate()
    {
        var first = Open();
        var second = Open();
        Assert.Equal(first.Anchor.Fingerprint, second.Anchor.Fingerprint);
        Assert.Equal(Thumbprint(first), Thumbprint(second));
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", first.Anchor.Fingerprint);
    }

    [Fact]
    public void Certificate_NamesWhatTheMachineIsCalled_AndNothingThatItsAuthorityMayNotVouchFor()
    {
        _identity = LocalIdentity.Create("desk", ["fritz.box"], [IPAddress.Parse("192.168.1.20"), IPAddress.Parse("203.0.113.5"), IPAddress.Parse("2001:db8::5"), IPAddress.Parse("fd00::5")]);
        var leaf = Open(options => options.HostNames.Add("Camera.Home.Arpa")).Current.TargetCertificate;
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["camera.home.arpa", "desk", "desk.fritz.box", "desk.local", "localhost"], names.EnumerateDnsNames().Order());
        Assert.Equal(["127.0.0.1", "192.168.1.20", "::1", "fd00::5"], names.EnumerateIPAddresses().Select(address => address.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HostNameThatIsPublic_IsLeftOutWithAWarning()
    {
        Open(options => options.HostNames.Add("camera.example.org"));
        Assert.Contains(_logs.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("P2P3015") && line.Text.Contains("camera.example.org"));
    }

    [Fact]
    public void Certificate_IsRenewedAtTwoThirdsOfItsLife_AndTheAuthorityStays()
    {
        var certificate = Open();
        var first = Thumbprint(certificate);
        _time.Advance(TimeSpan.FromDays(59));
        Assert.Equal(first, Thumbprint(certificate));
        _time.Advance(TimeSpan.FromDays(2));
        var second = Thumbprint(certificate);
        Assert.NotEqual(first, second);
        Assert.Equal(second, Thumbprint(Open()));
        Assert.Equal(certificate.Anchor.Fingerprint, Open().Anchor.Fingerprint);
    }

    [Fact]
    public void Certificate_FollowsANewAddress_WithoutRestart()
    {
        var certificate = Open();
        var first = Thumbprint(certificate);
        _identity = Identity("desk", "192.168.7.7");
        Assert.Equal(first, Thumbprint(certificate)); // interfaces are listed at most every 5 s
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.NotEqual(first, Thumbprint(certificate));
        Assert.True(certificate.Current.TargetCertificate.MatchesHostname("192.168.7.7"));
        Assert.False(certificate.Current.TargetCertificate.MatchesHostname("192.168.1.20"));
    }

    [Fact]
    public void Certificate_FollowsANewAddressAtOnce_WhenTheSystemSaysThatItChanged()
    {
        using var source = new LocalIdentitySource(_time, () => _identity);
        var certificate = new LanCertificate(new LanHttpsOptions { DataDirectory = _folder.Path }, source, _time, _logs);
        _ = certificate.Current;
        _identity = Identity("desk", "192.168.7.7");
        source.OnAddressChanged(null, EventArgs.Empty);
        Assert.True(certificate.Current.TargetCertificate.MatchesHostname("192.168.7.7"));
    }

    [Fact]
    public void NewHostName_KeepsTheAuthority_AndNamesOnlyWhatThatPermits()
    {
        var before = Open().Anchor.Fingerprint;
        _identity = Identity("laptop", "192.168.1.20");
        var certificate = Open();
        Assert.Equal(before, certificate.Anchor.Fingerprint);
        Assert.True(certificate.Current.TargetCertificate.MatchesHostname("laptop.local"));
        Assert.False(certificate.Current.TargetCertificate.MatchesHostname("laptop"));
    }

    [Fact]
    public void SameAddresses_KeepTheCertificate()
    {
        var certificate = Open();
        var first = Thumbprint(certificate);
        _identity = Identity("desk", "192.168.1.20");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first, Thumbprint(certificate));
    }

    [Fact]
    public void Files_AreTheOwnersOnly_AndNoDraftIsLeft()
    {
        _ = Open().Current;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["https"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AuthorityPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LeafPath));
        Assert.Equal(["ca.pem", "certificate.pem"], Directory.GetFiles(_folder["https"]).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("https", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute)]
    [InlineData("https/ca.pem", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    [InlineData("https/ca.pem", UnixFileMode.UserRead | UnixFileMode.OtherWrite)]
    [InlineData("https/certificate.pem", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead)]
    public void LoosePermissions_AreRefused(string path, UnixFileMode mode)
    {
        _ = Open().Current;
        File.SetUnixFileMode(_folder[path], mode);
        var error = Assert.Throws<P2PException>(() => Open().Current);
        Assert.Equal("P2P3012", error.Code);
        Assert.Contains($"chmod {(path == "https" ? "700" : "600")} '{_folder[path]}'", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void DamagedAuthority_IsAnError_AndNeverReplacedUnasked(string content)
    {
        var before = Open().Anchor.Fingerprint;
        File.WriteAllText(AuthorityPath, content);
        var error = Assert.Throws<P2PException>(() => Open());
        Assert.Equal("P2P3013", error.Code);
        Assert.Contains("--reset-ca", error.Message);
        Assert.Equal(content, File.ReadAllText(AuthorityPath));
        Assert.NotEqual(before, Open(options => options.ResetAuthority = true).Anchor.Fingerprint);
    }

    [Fact]
    public void ExpiredAuthority_IsAnError()
    {
        Open();
        _time.Advance(TimeSpan.FromDays(3660));
        Assert.Contains("expired", Assert.Throws<P2PException>(() => Open()).Message);
    }

    [Fact]
    public void DamagedCertificate_IsMadeAnewWithALogLine()
    {
        var first = Thumbprint(Open());
        File.WriteAllText(LeafPath, File.ReadAllText(LeafPath)[..200]);
        Assert.NotEqual(first, Thumbprint(Open()));
        Assert.Contains(_logs.Lines, line => line.Id == 3102 && line.Text.Contains("damaged"));
    }

    [Fact]
    public void CertificateOfAnotherAuthority_IsMadeAnew()
    {
        var first = Thumbprint(Open());
        Assert.NotEqual(first, Thumbprint(Open(options => options.ResetAuthority = true)));
        Assert.Contains(_logs.Lines, line => line.Id == 3102 && line.Text.Contains("another authority"));
    }

    [Fact]
    public void Logs_HoldNoKey()
    {
        _ = Open().Current;
        Assert.DoesNotContain("PRIVATE", _logs.AllText);
        Assert.DoesNotContain("192.168.1.20", _logs.AllText);
    }

    private LanCertificate Open(Action<LanHttpsOptions>? configure = null)
    {
        var options = new LanHttpsOptions { DataDirectory = _folder.Path };
        configure?.Invoke(options);
        return new LanCertificate(options, new LocalIdentitySource(_time, () => _identity), _time, _logs);
    }

    private static string Thumbprint(LanCertificate certificate) => certificate.Current.TargetCertificate.Thumbprint;

    private static LocalIdentity Identity(string name, string address) => LocalIdentity.Create(name, [], [IPAddress.Parse(address)]);
}
