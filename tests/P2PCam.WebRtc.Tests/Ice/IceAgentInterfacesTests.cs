using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

/// <summary>Two agents on a network where one of them gets and loses addresses.</summary>
public sealed class IceAgentInterfacesTests
{
    private static readonly TransportAddress First = TransportAddress.FromIPv4(0xC0A80101, 3000);
    private static readonly TransportAddress Second = TransportAddress.FromIPv4(0xC0A80909, 3000);
    private static readonly TransportAddress Viewer = TransportAddress.FromIPv4(0xC0A80102, 50000);
    private readonly HashSet<TransportAddress> _sockets = [First, Viewer];
    private TimeSpan _now = TimeSpan.FromSeconds(1000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Address_that_is_replaced_is_left_for_the_new_one_within_half_a_second(bool hostControls)
    {
        var (host, viewer) = Connect(hostControls);
        Replace(host, First, Second);
        Pass(0.5, host, viewer);
        Assert.Equal(Second, LocalOf(host));
        Assert.Equal(IceState.Connected, host.State);
    }

    [Fact]
    public void Peer_that_nominates_nothing_for_long_is_sent_to_by_the_way_that_works()
    {
        var (host, viewer) = Connect(hostControls: false);
        Replace(host, First, Second);
        Pass(2, host, viewer);

        // The viewer has not given up the old pair yet, as browsers do not for seconds.
        Assert.Equal(First, RemoteOf(viewer));
        Assert.Equal(Second, LocalOf(host));
        Pass(20, host, viewer);
        Assert.Equal(Second, RemoteOf(viewer));
        Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
    }

    [Fact]
    public void Address_that_is_gone_for_ten_seconds_and_back_goes_on()
    {
        var (host, viewer) = Connect(hostControls: false);
        host.RemoveLocalCandidate(_now, First);
        _sockets.Remove(First);
        Pass(10, host, viewer);
        Assert.Equal(IceState.Disconnected, host.State);
        _sockets.Add(First);
        host.AddLocalCandidate(_now, IceCandidate.Host(First, 65535));
        Pass(5, host, viewer);
        Assert.Equal((IceState.Connected, First), (host.State, LocalOf(host)));
    }

    [Fact]
    public void Address_that_carries_nothing_may_go_without_a_change()
    {
        var (host, viewer) = Connect(hostControls: false);
        host.AddLocalCandidate(_now, IceCandidate.Host(Second, 65000));
        host.RemoveLocalCandidate(_now, Second);
        Assert.Equal((IceState.Connected, First), (host.State, LocalOf(host)));
    }

    [Fact]
    public void Addresses_that_come_and_go_for_weeks_cost_no_time_to_find_the_next()
    {
        var (host, viewer) = Connect(hostControls: false);
        var before = First;

        // As many as the peer remembers of those that nobody announced.
        for (var day = 0; day < IceLimits.PeerReflexiveCandidates; day++)
        {
            var next = TransportAddress.FromIPv4(0xC0A81000u + (uint)day, 3000);
            Replace(host, before, next);
            Pass(1, host, viewer);
            Assert.Equal(next, LocalOf(host));
            Pass(20, host, viewer);
            Assert.Equal(IceState.Connected, viewer.State);
            before = next;
        }
    }

    private static TransportAddress? LocalOf(IceAgent agent) => agent.TryGetSelectedPair(out var local, out _) ? local : null;

    private static TransportAddress? RemoteOf(IceAgent agent) => agent.TryGetSelectedPair(out _, out var remote) ? remote : null;

    private (IceAgent Host, IceAgent Viewer) Connect(bool hostControls)
    {
        var host = new IceAgent(new IceAgentOptions { Role = hostControls ? IceRole.Controlling : IceRole.Controlled }, new SeededRandom(7));
        var viewer = new IceAgent(new IceAgentOptions { Role = hostControls ? IceRole.Controlled : IceRole.Controlling }, new SeededRandom(8));
        host.AddLocalCandidate(_now, IceCandidate.Host(First, 65535));
        viewer.AddLocalCandidate(_now, IceCandidate.Host(Viewer, 65535));
        host.SetRemoteCredentials(_now, viewer.LocalUfrag, viewer.LocalPassword);
        viewer.SetRemoteCredentials(_now, host.LocalUfrag, host.LocalPassword);

        // The viewer hides its address.
        viewer.AddRemoteCandidate(_now, IceCandidate.Host(First, 65535));
        Pass(2, host, viewer);
        Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
        return (host, viewer);
    }

    private void Replace(IceAgent host, TransportAddress old, TransportAddress now)
    {
        _sockets.Remove(old);
        _sockets.Add(now);
        host.RemoveLocalCandidate(_now, old);
        host.AddLocalCandidate(_now, IceCandidate.Host(now, 65535));
    }

    private void Pass(double seconds, IceAgent host, IceAgent viewer)
    {
        for (var end = _now + TimeSpan.FromSeconds(seconds); _now < end; _now += TimeSpan.FromMilliseconds(10))
        {
            host.HandleTimeout(_now);
            viewer.HandleTimeout(_now);
            for (var moved = true; moved;)
            {
                moved = Carry(host, viewer) | Carry(viewer, host);
            }
        }
    }

    private bool Carry(IceAgent from, IceAgent to)
    {
        var buffer = new byte[IceLimits.MaxMessageSize];
        var any = false;
        while (from.PollTransmit(buffer, out var length, out var local, out var remote))
        {
            any = true;
            if (_sockets.Contains(local) && _sockets.Contains(remote))
            {
                to.HandleDatagram(_now, remote, local, buffer.AsSpan(0, length));
            }
        }

        while (from.PollEvent(out _))
        {
        }

        return any;
    }
}
