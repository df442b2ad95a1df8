using System.Net;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>Names of machines as they are in the field: what is printed, what the certificate names and what is let in is one list.</summary>
public class HostNamesTests
{
    [Theory]
    [InlineData("my_pc", new[] { "my_pc", "my_pc.local", "mypc.local", "my-pc.local" })]
    [InlineData("My PC", new[] { "mypc.local", "my-pc.local" })]
    [InlineData("DESKTOP-4F7", new[] { "desktop-4f7", "desktop-4f7.local" })]
    [InlineData("desk.fritz.box", new[] { "desk", "desk.local", "desk.fritz.box" })]
    [InlineData("3f2a1b9c8d7e", new[] { "3f2a1b9c8d7e", "3f2a1b9c8d7e.local" })]
    [InlineData("Müllers PC", new[] { "mllerspc.local", "m-llers-pc.local" })]
    [InlineData("LIVING-ROOM-COM-", new[] { "living-room-com.local" })]
    [InlineData("desk.", new[] { "desk", "desk.local" })]
    public void Machine_IsLetInUnderItsNames(string machine, string[] names)
    {
        var identity = LocalIdentity.Create(machine, ["fritz.box"], [IPAddress.Parse("192.168.1.20")]);
        var gate = new HostGate(new LocalIdentitySource(TimeProvider.System, () => identity), []);
        Assert.All(names, name => Assert.True(gate.IsAllowed(name, null), name));
        Assert.All(identity.MulticastNames, name => Assert.True(gate.IsAllowed(name, null), name));
        Assert.All(identity.Names, name => Assert.True(HostNames.IsHostName(name), name));
    }

    [Theory]
    [InlineData("___")]
    [InlineData("")]
    [InlineData("日本")]
    [InlineData("localhost")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void MachineWithoutAName_IsItsAddressesOnly_AndTheCertificateIsMadeAllTheSame(string machine)
    {
        var identity = LocalIdentity.Create(machine, [], [IPAddress.Parse("192.168.1.20")]);
        Assert.DoesNotContain(identity.MulticastNames, name => name.StartsWith("localhost", StringComparison.Ordinal) || name.Length > 70);
        using var folder = new TemporaryFolder();
        var certificate = new LanCertificate(
            new LanHttpsOptions { DataDirectory = folder.Path }, new LocalIdentitySource(TimeProvider.System, () => identity), TimeProvider.System, new CollectedLogs());
        Assert.NotNull(certificate.Current);
    }

    [Fact]
    public void NameCutByNetBios_IsWholeByDns()
    {
        var identity = LocalIdentity.Create(["LIVING-ROOM-COM", "living-room-computer"], [], []);
        Assert.Contains("living-room-computer.local", identity.MulticastNames);
        Assert.Contains("living-room-com.local", identity.MulticastNames);
    }

    [Theory]
    [InlineData("my_pc")]
    [InlineData("My PC")]
    [InlineData("desk")]
    public void Certificate_NamesWhatIsLetIn(string machine)
    {
        var identity = LocalIdentity.Create(machine, ["fritz.box"], [IPAddress.Parse("192.168.1.20")]);
        using var folder = new TemporaryFolder();
        var certificate = new LanCertificate(
            new LanHttpsOptions { DataDirectory = folder.Path }, new LocalIdentitySource(TimeProvider.System, () => identity), TimeProvider.System, new CollectedLogs());
        var names = certificate.Current.TargetCertificate.Extensions.OfType<System.Security.Cryptography.X509Certificates.X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames();
        Assert.Equal(identity.Names.Order(), names.Order());
    }

    [Theory]
    [InlineData("camera.example.org", true)]
    [InlineData("CAMERA.example.org.", true)]
    [InlineData("a.cams.example.org", true)]
    [InlineData("a.b.cams.example.org", false)]
    [InlineData("cams.example.org", false)]
    [InlineData("example.org", false)]
    [InlineData("*.cams.example.org", true)]
    public void NamesOfTheUsersOwnCertificate_AreLetIn(string host, bool isAllowed)
    {
        var identity = LocalIdentity.Create("desk", [], []);
        var gate = new HostGate(new LocalIdentitySource(TimeProvider.System, () => identity), [], () => ["camera.example.org", "*.cams.example.org"]);
        Assert.Equal(isAllowed, gate.IsAllowed(host, null));
    }
}
