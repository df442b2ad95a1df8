using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;

namespace P2PCam.Simulation.Tests.Ice;

public sealed class LifetimeTests
{
    [Fact]
    public void A_wrong_password_never_connects_and_both_sides_fail()
    {
        var world = IceWorld.Simple(1);
        world.Viewer.AddLocalCandidates(world.Now);
        world.Camera.AddLocalCandidates(world.Now);
        world.Camera.Agent.SetRemoteCredentials(world.Now, world.Viewer.Agent.LocalUfrag, world.Viewer.Agent.LocalPassword);
        world.Viewer.Agent.SetRemoteCredentials(world.Now, world.Camera.Agent.LocalUfrag, new string('x', 24));
        world.Tell(world.Camera, world.Viewer);

        Assert.False(world.RunUntil(60, () => world.Viewer.SelectedRemote is not null || world.Camera.SelectedRemote is not null));

        Assert.Equal((IceState.Failed, IceState.Failed), (world.Viewer.Agent.State, world.Camera.Agent.State));
        Assert.Equal(0, world.Camera.Agent.Counters.ResponsesSent);
        Assert.InRange(world.Camera.Agent.Counters.BadIntegrity, 1, 10);
        Assert.Equal(0, world.Camera.Agent.Counters.ChecksReceived);
    }

    [Fact]
    public void A_viewer_that_vanishes_is_noticed_and_nothing_is_sent_after_30_seconds()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var world = IceWorld.Simple(seed).Signal();
            Assert.True(world.RunUntilConnected(1));
            world.Run(seed);
            world.Viewer.Agent.Close();
            var gone = world.Now;

            world.Run(40);

            Assert.InRange((world.Camera.TimeOf(IceState.Disconnected)!.Value - gone).TotalSeconds, 0.5, 8);
            Assert.InRange((world.Camera.TimeOf(IceState.Failed)!.Value - gone).TotalSeconds, 23, 30.1);
            Assert.Null(world.Camera.SelectedRemote);
            var sent = world.Network.Sent;
            world.Run(60);
            Assert.Equal(sent, world.Network.Sent);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.20)]
    public void An_hour_of_loss_breaks_no_connection(double loss)
    {
        var world = IceWorld.Simple(9);
        world.Network.Default = new LinkConditions
        {
            Loss = loss,
            Delay = TimeSpan.FromMilliseconds(5),
            Jitter = TimeSpan.FromMilliseconds(20),
            Duplication = 0.05,
        };
        world.Signal();
        Assert.True(world.RunUntilConnected(10));
        var checks = world.Camera.Agent.Counters.ChecksSent;

        world.Run(3600);

        Assert.True(world.BothConnected);
        Assert.DoesNotContain(world.Camera.Events.Concat(world.Viewer.Events), e => e.Event.Kind == IceEventKind.ConsentLost);
        Assert.InRange(world.Camera.Agent.Counters.ChecksSent - checks, 600, 1300);
        if (loss <= 0.05)
        {
            Assert.DoesNotContain(world.Camera.Events, e => e.Event.State == IceState.Disconnected);
        }
    }

    [Fact]
    public void A_hiccup_of_20_seconds_is_survived()
    {
        var world = IceWorld.Simple(10).Signal();
        Assert.True(world.RunUntilConnected(1));
        world.Network.Default = LinkConditions.Dead;
        world.Run(20);
        Assert.Equal(IceState.Disconnected, world.Camera.Agent.State);

        world.Network.Default = LinkConditions.Perfect;

        Assert.True(world.RunUntilConnected(3));
        world.Run(60);
        Assert.True(world.BothConnected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_agents_in_one_role_settle_it_for_every_seed(bool bothControlling)
    {
        var role = bothControlling ? IceRole.Controlling : IceRole.Controlled;
        for (var seed = 0; seed < 100; seed++)
        {
            var world = new IceWorld(seed,
                new IceHost(seed * 2 + 1, role, IceWorld.ViewerAddress),
                new IceHost(seed * 2 + 2, role, IceWorld.CameraAddress));
            world.Network.Default = new LinkConditions
            {
                Loss = seed % 3 * 0.1,
                Delay = TimeSpan.FromMilliseconds(seed % 30),
                Jitter = TimeSpan.FromMilliseconds(seed % 11),
            };
            world.Signal();

            Assert.True(world.RunUntilConnected(15), $"seed {seed}: {world.Viewer.Agent.State}, {world.Camera.Agent.State}");

            Assert.NotEqual(world.Viewer.Agent.Role, world.Camera.Agent.Role);
            var larger = world.Viewer.Agent.TieBreaker > world.Camera.Agent.TieBreaker ? world.Viewer : world.Camera;
            Assert.Equal(IceRole.Controlling, larger.Agent.Role);
        }
    }

    [Fact]
    public void When_the_selected_path_dies_both_sides_move_to_the_other_one()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var world = IceWorld.TwoPaths(seed).Signal();
            Assert.True(world.RunUntilConnected(2));
            Assert.Equal(IceWorld.CameraAddress, world.Viewer.SelectedRemote);
            world.Run(10 + seed);
            var died = world.Now;
            world.Network.SetLinkBothWays(IceWorld.ViewerAddress, IceWorld.CameraAddress, LinkConditions.Dead);

            Assert.True(world.RunUntil(12, () => world.BothConnected && world.Viewer.SelectedRemote == IceWorld.SecondCameraAddress
                && world.Camera.SelectedRemote == IceWorld.SecondViewerAddress), $"seed {seed}");

            Assert.InRange((world.Now - died).TotalSeconds, 0.5, 12);
            world.Run(60);
            Assert.True(world.BothConnected);
        }
    }

    [Fact]
    public void A_restart_changes_the_credentials_and_keeps_the_old_pair_until_the_new_one_is_found()
    {
        var world = IceWorld.Simple(11).Signal();
        Assert.True(world.RunUntilConnected(1));
        world.Run(7);
        var (ufrag, password) = (world.Camera.Agent.LocalUfrag, world.Camera.Agent.LocalPassword);

        world.Viewer.Agent.Restart(world.Now);
        world.Camera.Agent.Restart(world.Now);
        world.Run(0.5);

        Assert.NotEqual(ufrag, world.Camera.Agent.LocalUfrag);
        Assert.NotEqual(password, world.Camera.Agent.LocalPassword);
        Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
        Assert.True(world.Camera.Agent.IsAuthenticatedPair(IceWorld.CameraAddress, IceWorld.ViewerAddress));
        world.Signal();
        Assert.True(world.RunUntilConnected(1));
        world.Run(60);
        Assert.True(world.BothConnected);
    }

    [Fact]
    public void A_restart_that_leads_nowhere_ends_the_old_pair_with_its_consent()
    {
        var world = IceWorld.Simple(12).Signal();
        Assert.True(world.RunUntilConnected(1));
        world.Camera.Agent.Restart(world.Now);
        world.Run(29);
        Assert.NotNull(world.Camera.SelectedRemote);
        world.Run(1.5);
        Assert.Null(world.Camera.SelectedRemote);
    }

    [Fact]
    public void A_failed_agent_recovers_by_restart()
    {
        var world = IceWorld.Simple(13);
        world.Network.Default = LinkConditions.Dead;
        world.Signal();
        world.Run(60);
        Assert.Equal((IceState.Failed, IceState.Failed), (world.Viewer.Agent.State, world.Camera.Agent.State));

        world.Network.Default = LinkConditions.Perfect;
        world.Viewer.Agent.Restart(world.Now);
        world.Camera.Agent.Restart(world.Now);
        world.Signal();

        Assert.True(world.RunUntilConnected(1));
    }

    [Fact]
    public void Bytes_to_an_address_that_does_not_answer_are_bounded()
    {
        // A peer may signal anybody's address; that address must not be flooded (RFC 8445 section 19.4.1).
        var world = IceWorld.Simple(14);
        world.Network.SetLink(IceWorld.ViewerAddress, IceWorld.CameraAddress, LinkConditions.Dead);
        world.Signal();
        world.Run(120);
        Assert.InRange(world.Camera.Agent.Counters.ChecksSent, 1, 7);
    }
}
