using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Ice;

public sealed class TrickleTests
{
    [Fact]
    public void A_viewer_that_signals_no_candidate_connects_through_its_checks_alone()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var world = IceWorld.Simple(seed);
            world.Network.Default = new LinkConditions { Loss = seed % 5 * 0.05 };
            var start = world.Now;
            world.Signal(viewerTellsCandidates: false);

            Assert.True(world.RunUntilConnected(10), $"seed {seed}");

            Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
            Assert.Contains(world.Camera.Events, e => e.Event.Kind == IceEventKind.PeerReflexiveDiscovered);
            Assert.InRange((world.Now - start).TotalMilliseconds, 0, seed % 5 == 0 ? 100 : 10_000);
        }
    }

    [Fact]
    public void A_viewer_that_hides_behind_mDNS_names_connects_without_resolving_any()
    {
        var world = IceWorld.Simple(1);
        world.Signal(viewerTellsCandidates: false);
        Assert.True(IceCandidateText.TryParse("candidate:1 1 udp 2113937151 0b7f8c1e.local 50000 typ host", out var hidden));

        Assert.Equal(IceCandidateResult.IgnoredHostName, world.Camera.Agent.AddRemoteCandidate(world.Now, hidden));
        world.Camera.Agent.SetRemoteEndOfCandidates(world.Now);

        Assert.True(world.RunUntilConnected(1));
    }

    [Fact]
    public void Candidates_that_come_20_seconds_late_still_connect()
    {
        var world = IceWorld.Simple(2).Signal(viewerTellsCandidates: false, cameraTellsCandidates: false);
        world.Run(20);
        Assert.Equal((IceState.Checking, IceState.Checking), (world.Viewer.Agent.State, world.Camera.Agent.State));

        world.Tell(world.Camera, world.Viewer);

        Assert.True(world.RunUntilConnected(1));
    }

    [Fact]
    public void Checks_that_overtake_the_offer_are_not_lost()
    {
        // The answer reached the viewer before the camera's loop saw the viewer's credentials.
        var world = IceWorld.Simple(3);
        world.Viewer.AddLocalCandidates(world.Now);
        world.Camera.AddLocalCandidates(world.Now);
        world.Viewer.Agent.SetRemoteCredentials(world.Now, world.Camera.Agent.LocalUfrag, world.Camera.Agent.LocalPassword);
        world.Tell(world.Camera, world.Viewer);
        world.Run(0.5);
        Assert.Equal(IceState.Connected, world.Viewer.Agent.State);
        Assert.Equal(IceState.New, world.Camera.Agent.State);

        world.Camera.Agent.SetRemoteCredentials(world.Now, world.Viewer.Agent.LocalUfrag, world.Viewer.Agent.LocalPassword);

        Assert.True(world.RunUntilConnected(0.1));
        Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
    }

    [Fact]
    public void Candidates_before_credentials_and_local_ones_after_remote_ones_pair_up()
    {
        var world = IceWorld.Simple(4);
        world.Tell(world.Viewer, world.Camera);
        world.Tell(world.Camera, world.Viewer);
        world.Viewer.Agent.SetRemoteCredentials(world.Now, world.Camera.Agent.LocalUfrag, world.Camera.Agent.LocalPassword);
        world.Camera.Agent.SetRemoteCredentials(world.Now, world.Viewer.Agent.LocalUfrag, world.Viewer.Agent.LocalPassword);
        world.Run(1);

        world.Viewer.AddLocalCandidates(world.Now);
        world.Camera.AddLocalCandidates(world.Now);

        Assert.True(world.RunUntilConnected(1));
    }

    [Fact]
    public void A_socket_that_was_never_announced_is_used_when_the_peer_reaches_it()
    {
        var world = IceWorld.Simple(5);
        var candidate = world.Camera.Candidates[0];
        world.Viewer.AddLocalCandidates(world.Now);
        world.Camera.Agent.SetRemoteCredentials(world.Now, world.Viewer.Agent.LocalUfrag, world.Viewer.Agent.LocalPassword);
        world.Viewer.Agent.SetRemoteCredentials(world.Now, world.Camera.Agent.LocalUfrag, world.Camera.Agent.LocalPassword);
        world.Viewer.Agent.AddRemoteCandidate(world.Now, candidate);

        Assert.True(world.RunUntilConnected(1));
        Assert.Equal(candidate.Address, world.Camera.SelectedLocal);
    }

    [Fact]
    public void Twenty_dead_addresses_on_each_side_do_not_delay_the_live_one_beyond_two_seconds()
    {
        var dead = Enumerable.Range(1, 20).Select(i => TransportAddress.FromIPv4(0x0A630000u + (uint)(i << 8), 9)).ToArray();
        var world = new IceWorld(6,
            new IceHost(61, IceRole.Controlling, [.. dead, IceWorld.ViewerAddress]),
            new IceHost(62, IceRole.Controlled, IceWorld.CameraAddress));
        foreach (var address in dead)
        {
            world.Network.SetLinkBothWays(address, IceWorld.CameraAddress, LinkConditions.Dead);
        }

        world.Signal();

        Assert.True(world.RunUntilConnected(2));
        Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
    }
}
