using System.Net;
using System.Net.Sockets;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests.TestBed;

/// <summary>Whether the test bed's network is what the browser tests take it for.</summary>
[Collection("browsers")]
public sealed class TwoHostNetworkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [NetworkFact]
    public async Task Hosts_ReachEachOtherAndNobodyElse()
    {
        await using var network = TwoHostNetwork.Create();
        using var server = network.Host.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        server.DualMode = true;
        server.Bind(new IPEndPoint(IPAddress.IPv6Any, 3000));
        server.Listen();

        foreach (var address in new[] { TwoHostNetwork.HostAddress, TwoHostNetwork.HostAddressV6 })
        {
            using var client = network.Viewer.CreateSocket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(IPAddress.Parse(address), 3000).WaitAsync(Limit);
            using var accepted = await server.AcceptAsync().WaitAsync(Limit);
        }

        using var outside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        outside.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        outside.Listen();
        using var stranger = network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => stranger.ConnectAsync(outside.LocalEndPoint!));
    }

    [NetworkFact]
    public async Task SetLoss_DropsAboutThatShareOfSinglePackets_EvenOfBatches()
    {
        const int packets = 20_000;
        await using var network = TwoHostNetwork.Create();
        network.SetLoss(5);
        using var sender = network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var receiver = network.Viewer.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Parse(TwoHostNetwork.ViewerAddress), 5000));
        sender.SetRawSocketOption(17, 103, BitConverter.GetBytes(100)); // SOL_UDP, UDP_SEGMENT: the kernel cuts each send into packets of 100 bytes
        sender.Connect(TwoHostNetwork.ViewerAddress, 5000);
        for (var i = 0; i < packets / 20; i++)
        {
            sender.Send(new byte[20 * 100]);
        }

        var (seen, dropped) = TwoHostNetwork.ReadLoss(network.Viewer);
        Assert.Equal(packets, seen);
        Assert.InRange(dropped, packets * 4 / 100, packets * 6 / 100);

        network.SetLoss(0);
        Assert.DoesNotContain("loss", network.Viewer.Run("nft", "list", "tables"), StringComparison.Ordinal);
    }

    [NetworkFact("ping")]
    public async Task SetLink_PullsAndPlugsTheCable()
    {
        await using var network = TwoHostNetwork.Create();
        network.SetLink(up: false);
        Assert.Throws<InvalidOperationException>(() => network.Viewer.Run("ping", "-c", "1", "-W", "1", TwoHostNetwork.HostAddress));
        network.SetLink(up: true);
        network.Viewer.Run("ping", "-c", "1", "-W", "5", TwoHostNetwork.HostAddress);
        network.Viewer.Run("ping", "-c", "1", "-W", "5", TwoHostNetwork.HostAddressV6);
        Assert.Contains("default", network.Viewer.Ip("route"), StringComparison.Ordinal);
    }

    [NetworkFact]
    public async Task SetRate_NarrowsTheCable()
    {
        await using var network = TwoHostNetwork.Create();
        network.SetRate(1000);
        Assert.Contains("rate 1Mbit", network.Host.Run("tc", "qdisc", "show", "dev", "eth0"), StringComparison.Ordinal);
        network.SetRate(null);
        Assert.DoesNotContain("tbf", network.Host.Run("tc", "qdisc", "show", "dev", "eth0"), StringComparison.Ordinal);
    }

    [NetworkFact]
    public async Task Dispose_EndsTheProcessesInsideAndLeavesNoNamespace()
    {
        ChildProcess sleeper;
        await using (var network = TwoHostNetwork.Create())
        {
            Assert.Equal(2, NetworkNamespace.OfThisProcess().Length);
            sleeper = network.Viewer.StartProcess("sleep", ["1000"]);
        }

        Assert.NotEqual(0, await sleeper.WaitForExitAsync(Limit));
        Assert.Empty(NetworkNamespace.OfThisProcess());
        await sleeper.DisposeAsync();
    }

    [NetworkFact]
    public async Task Create_RemovesWhatAnAbortedRunLeft()
    {
        using var gone = System.Diagnostics.Process.Start("true");
        await gone.WaitForExitAsync();
        var stale = $"p2pcam-{gone.Id}-1-host";
        Tool.Run("ip", "netns", "add", stale);

        NetworkNamespace.RemoveStale();

        Assert.DoesNotContain(stale, Tool.Run("ip", "netns", "list"), StringComparison.Ordinal);
    }
}
