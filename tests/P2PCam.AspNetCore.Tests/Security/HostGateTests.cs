using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PCam.AspNetCore.Network;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public class HostGateTests
{
    private static readonly IPAddress Lan = IPAddress.Parse("192.168.1.20");
    private static readonly LocalIdentity Desk = LocalIdentity.Create("Desk", ["fritz.box", "", "not a name"], [Lan, IPAddress.Parse("fd00::20"), IPAddress.Parse("fe80::1%3")]);

    private static HostGate Gate(params string[] extra) => new(new LocalIdentitySource(TimeProvider.System, () => Desk), extra);

    [Theory]
    [InlineData("192.168.1.20")]
    [InlineData("[::ffff:192.168.1.20]")]
    [InlineData("[fd00::20]")]
    [InlineData("[FD00:0:0:0::20]")]
    [InlineData("[fe80::1]")]
    [InlineData("desk")]
    [InlineData("DESK.Local")]
    [InlineData("desk.local.")]
    [InlineData("desk.fritz.box")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public void OwnNameOrAddress_IsAllowed(string host) => Assert.True(Gate().IsAllowed(host, connectedTo: null));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("desk.local.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("notdesk")]
    [InlineData("desk.local..")]
    [InlineData("192.168.1.21")]
    [InlineData("8.8.8.8")]
    [InlineData("[2001:db8::1]")]
    [InlineData("192.168.1.20.evil.example")]
    [InlineData("*")]
    [InlineData("desk local")]
    public void ForeignNameOrAddress_IsRefused(string host) => Assert.False(Gate().IsAllowed(host, Lan));

    [Fact]
    public void AllowedHosts_AreAllowedWhateverTheirCase()
    {
        var gate = Gate("Camera.Example.Org", "203.0.113.9");
        Assert.True(gate.IsAllowed("camera.example.ORG", null));
        Assert.True(gate.IsAllowed("203.0.113.9", null));
        Assert.False(gate.IsAllowed("example.org", null));
        Assert.True(Gate("*").IsAllowed("anything.example", null));
    }

    [Theory]
    [InlineData("https://camera.example.org")]
    [InlineData("camera.example.org:3000")]
    [InlineData("camera.example.org/cam")]
    [InlineData("a.example;b.example")]
    [InlineData("camera.*.org")]
    [InlineData("")]
    public void AllowedHostThatNoHeaderCanMeet_IsNamed_NotPassedOverInSilence(string host)
    {
        var options = new P2PCamEndpointOptions { AllowedHosts = { host } };
        Assert.Contains($"'{host}' in AllowedHosts is no host name", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Theory]
    [InlineData("*.example.org", "camera.example.org", true)]
    [InlineData("*.example.org", "hall.camera.EXAMPLE.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "evilexample.org", false)]
    [InlineData("küche.example", "xn--kche-0ra.example", true)]
    [InlineData("xn--kche-0ra.example", "xn--kche-0ra.example", true)]
    [InlineData("camera.example.", "camera.example", true)]
    [InlineData("[fd00::7]", "[fd00:0::7]", true)]
    [InlineData("fd00::7", "[fd00::7]", true)]
    public void AllowedHosts_AreMetAsTheyAreMeant(string allowed, string host, bool expected)
    {
        new P2PCamEndpointOptions { AllowedHosts = { allowed } }.Validate();
        Assert.Equal(expected, Gate(allowed).IsAllowed(host, connectedTo: null));
    }

    [Fact]
    public void CertificateThatIsRenewedForAnotherName_LetsThatNameIn_AndTheOldOneNoMore()
    {
        List<string> certified = ["old.example"];
        var gate = new HostGate(new LocalIdentitySource(TimeProvider.System, () => Desk), [], () => certified);
        Assert.True(gate.IsAllowed("old.example", null));
        certified = ["new.example", "*.rooms.example"];
        Assert.True(gate.IsAllowed("new.example", null));
        Assert.True(gate.IsAllowed("hall.rooms.example", null));
        Assert.False(gate.IsAllowed("a.hall.rooms.example", null));
        Assert.False(gate.IsAllowed("old.example", null));
    }

    [Fact]
    public void AddressThatTheConnectionArrivedAt_IsAllowedEvenBeforeTheListKnowsIt() =>
        Assert.True(Gate().IsAllowed("10.9.8.7", IPAddress.Parse("10.9.8.7")));

    [Theory]
    [InlineData("/")]
    [InlineData("/s/garden")]
    [InlineData("/p2pcam.js")]
    [InlineData("/p2pcam.css")]
    [InlineData("/signal")]
    [InlineData("/trust")]
    [InlineData("/trust/p2pcam-ca.crt")]
    [InlineData("/healthz")]
    public async Task EveryEndpoint_ForeignHost_Is421(string path)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var refused = await host.GetAsync(path, ("Host", "evil.example:3000"));
        using var allowed = await host.GetAsync(path, ("Host", $"LOCALHOST:{host.Address.Port}"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        Assert.Contains("P2P3001", await refused.Content.ReadAsStringAsync());
        Assert.NotEqual(HttpStatusCode.MisdirectedRequest, allowed.StatusCode);
    }

    [Fact]
    public async Task WebSocket_ForeignHost_Is421()
    {
        await using var host = await LoopbackHost.StartAsync();
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => host.OpenAsync(("Host", "evil.example")));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, host.LastRefusal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    public async Task NoHost_Is400(string request)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync());
    }
}
