using System.Net;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.Tests.LanHttps;

public class LanUrlsTests
{
    private static readonly NetworkCard Loopback = Card("lo", false, "127.0.0.1", "::1") with { IsLoopback = true };
    private static readonly NetworkCard Ethernet = Card("eth0", true, "192.168.1.20", "fd00::20", "2001:db8::20", "fe80::20%2");
    private static readonly NetworkCard Wifi = Card("wlan0", false, "10.0.0.7");
    private static readonly NetworkCard Docker = Card("docker0", false, "172.17.0.1") with { IsVirtual = true };

    [Fact]
    public void GatewayFirst_ThenTheName_ThenIPv6_ThenTheOthers()
    {
        Assert.Equal(
            ["https://192.168.1.20:3000 eth0", "https://10.0.0.7:3000 wlan0", "https://desk.local:3000 mDNS"],
            List([Loopback, Docker, Wifi, Ethernet]).Where(url => !url.Contains('[')));
        Assert.Equal("https://192.168.1.20:3000 eth0", List([Wifi, Ethernet])[0]);
        Assert.Equal(["https://[fd00::20]:3000 eth0", "https://[2001:db8::20]:3000 eth0"], List([Ethernet]).Where(url => url.Contains('[')));
    }

    [Fact]
    public void VirtualCards_AreHidden_UnlessAskedForOrAlone()
    {
        Assert.DoesNotContain(List([Ethernet, Docker]), url => url.Contains("172.17"));
        Assert.Contains(List([Ethernet, Docker], includeVirtual: true), url => url.Contains("172.17"));
        Assert.Contains(List([Loopback, Docker]), url => url.Contains("172.17"));
    }

    [Fact]
    public void Loopback_IsListed_WhenAskedForOrAlone()
    {
        Assert.Equal(["https://localhost:3000 this machine only"], List([Loopback]));
        Assert.Equal("https://localhost:3000 this machine only", List([Ethernet, Loopback], includeLoopback: true)[^1]);
        Assert.DoesNotContain(List([Ethernet, Loopback]), url => url.Contains("localhost"));
    }

    [Fact]
    public void NamesThatNothingAnswers_AreNotListed() =>
        Assert.DoesNotContain(LanUrls.List([Ethernet], [], "https", 3000, false, false), url => url.Url.Contains(".local", StringComparison.Ordinal));

    [Fact]
    public void NameOfTheUsersOwnCertificate_ComesFirst() => Assert.Equal(
        ["https://camera.example.org:3000", "https://192.168.1.20:3000", "https://desk.local:3000"],
        LanUrls.List([Ethernet], [new LanName("desk.local", "mDNS"), new LanName("camera.example.org", "DNS", IsFirst: true)], "https", 3000, false, false).Take(3).Select(url => url.Url));

    [Theory]
    [InlineData("docker0", "", true)]
    [InlineData("br-1a2b", "", true)]
    [InlineData("Ethernet 3", "Hyper-V Virtual Ethernet Adapter", true)]
    [InlineData("vEthernet (WSL)", "", true)]
    [InlineData("utun3", "", true)]
    [InlineData("eth0", "Intel(R) I219", false)]
    [InlineData("Wi-Fi", "Qualcomm", false)]
    [InlineData("en0", "en0", false)]
    public void LooksVirtual_KnowsTheUsualNames(string name, string description, bool expected) =>
        Assert.Equal(expected, NetworkCard.LooksVirtual(name, description));

    private static List<string> List(NetworkCard[] cards, bool includeVirtual = false, bool includeLoopback = false) =>
        [.. LanUrls.List(cards, [new LanName("desk.local", "mDNS")], "https", 3000, includeVirtual, includeLoopback).Select(url => $"{url.Url} {url.Via}")];

    private static NetworkCard Card(string name, bool hasGateway, params string[] addresses) =>
        new(name, hasGateway, IsVirtual: false, IsLoopback: false, [.. addresses.Select(IPAddress.Parse)]);
}
