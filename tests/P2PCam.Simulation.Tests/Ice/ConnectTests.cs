using P2PCam.TestKit.Simulation;

namespace P2PCam.Simulation.Tests.Ice;

public sealed class ConnectTests
{
    [Fact]
    public void On_a_clean_LAN_both_sides_connect_within_100_ms_and_four_checks()
    {
        var world = IceWorld.Simple(1).Signal();
        var start = world.Now;

        Assert.True(world.RunUntilConnected(1));

        Assert.InRange((world.Now - start).TotalMilliseconds, 0, 100);
        Assert.Equal(IceWorld.CameraAddress, world.Viewer.SelectedRemote);
        Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
        Assert.InRange(world.Viewer.Agent.Counters.ChecksSent + world.Camera.Agent.Counters.ChecksSent, 2, 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.10)]
    [InlineData(0.20)]
    public void With_loss_delay_reordering_and_duplicates_every_seed_connects(double loss)
    {
        var times = new List<double>();
        for (var seed = 0; seed < 200; seed++)
        {
            var world = IceWorld.TwoPaths(seed);
            world.Network.Default = new LinkConditions
            {
                Loss = loss,
                Delay = TimeSpan.FromMilliseconds(seed % 40),
                Jitter = TimeSpan.FromMilliseconds(seed % 7 * 5),
                Duplication = 0.1,
            };
            var start = world.Now;
            world.Signal();

            Assert.True(world.RunUntilConnected(20), $"seed {seed}: {world.Viewer.Agent.State}, {world.Camera.Agent.State}");

            times.Add((world.Now - start).TotalMilliseconds);
            world.Run(1);
            Assert.Equal(world.Viewer.SelectedLocal, world.Camera.SelectedRemote);
            Assert.Equal(world.Viewer.SelectedRemote, world.Camera.SelectedLocal);
        }

        times.Sort();
        Assert.InRange(times[times.Count / 2], 0, 450);
        Assert.InRange(times[times.Count * 95 / 100], 0, 3000);
    }

    [Fact]
    public void Both_sides_agree_on_the_best_pair_that_works()
    {
        var world = IceWorld.TwoPaths(3).Signal();

        Assert.True(world.RunUntilConnected(2));

        Assert.Equal(IceWorld.CameraAddress, world.Viewer.SelectedRemote);
        Assert.Equal(IceWorld.ViewerAddress, world.Camera.SelectedRemote);
    }
}
