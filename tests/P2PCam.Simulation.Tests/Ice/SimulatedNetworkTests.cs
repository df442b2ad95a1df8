using P2PCam.TestKit.Simulation;

namespace P2PCam.Simulation.Tests.Ice;

/// <summary>The network that the other simulations stand on.</summary>
public sealed class SimulatedNetworkTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_does_not()
    {
        Assert.Equal(Trace(1), Trace(1));
        Assert.NotEqual(Trace(1), Trace(2));
    }

    [Fact]
    public void Loss_duplication_and_reordering_happen_as_often_as_asked()
    {
        var network = new SimulatedNetwork(5)
        {
            Default = new LinkConditions { Loss = 0.2, Duplication = 0.1, Jitter = TimeSpan.FromMilliseconds(20) },
        };
        var arrived = Send(network, 10_000, TimeSpan.FromMilliseconds(1));

        Assert.InRange(network.Lost, 1800, 2200);
        Assert.InRange(arrived.Count - (10_000 - network.Lost), 700, 900);
        var inversions = arrived.Zip(arrived.Skip(1), (a, b) => b.Number < a.Number ? 1 : 0).Sum();
        Assert.InRange(inversions, 1000, 6000);
    }

    [Fact]
    public void Without_jitter_the_order_and_the_delay_are_exact()
    {
        var network = new SimulatedNetwork(6) { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(7) } };
        var arrived = Send(network, 100, TimeSpan.FromMilliseconds(1));
        Assert.Equal(Enumerable.Range(0, 100), arrived.Select(a => a.Number));
        Assert.All(arrived, a => Assert.Equal(7 + a.Number, a.Time.TotalMilliseconds, 6));
    }

    [Fact]
    public void A_rate_limit_delays_up_to_its_queue_and_drops_the_rest()
    {
        // 1000 byte datagrams (28 more on the wire) every millisecond are 8.2 Mbit/s; the link carries half of that.
        var network = new SimulatedNetwork(7) { Default = new LinkConditions { BitsPerSecond = 4_112_000, QueueBytes = 20_560 } };
        var arrived = Send(network, 1000, TimeSpan.FromMilliseconds(1), 1000);

        Assert.InRange(arrived.Count, 500, 525);
        Assert.InRange(arrived.Max(a => (a.Time - TimeSpan.FromMilliseconds(a.Number)).TotalMilliseconds), 30, 42);
        Assert.Equal(1000, network.Lost + network.Delivered);
    }

    [Fact]
    public void Each_direction_has_its_own_conditions_and_a_filter_sees_all()
    {
        var network = new SimulatedNetwork(8);
        network.SetLink(IceWorld.ViewerAddress, IceWorld.CameraAddress, LinkConditions.Dead);
        var seen = 0;
        network.Filter = d => seen++ != 1;
        for (var i = 0; i < 2; i++)
        {
            network.Send(default, IceWorld.ViewerAddress, IceWorld.CameraAddress, [1]);
            network.Send(default, IceWorld.CameraAddress, IceWorld.ViewerAddress, [2]);
        }

        Assert.True(network.TryReceive(network.NextArrival, out var datagram));
        Assert.Equal((IceWorld.ViewerAddress, (byte)2), (datagram.To, datagram.Payload[0]));
        Assert.Equal(TimeSpan.MaxValue, network.NextArrival);
        Assert.Equal(4, seen);
    }

    private static List<(int, TimeSpan)> Trace(int seed) => Send(
        new SimulatedNetwork(seed) { Default = new LinkConditions { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(3) } },
        50,
        TimeSpan.FromMilliseconds(1));

    private static List<(int Number, TimeSpan Time)> Send(SimulatedNetwork network, int count, TimeSpan gap, int size = 2)
    {
        var arrived = new List<(int, TimeSpan)>();
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[size];
            BitConverter.TryWriteBytes(payload, (ushort)i);
            network.Send(gap * i, IceWorld.ViewerAddress, IceWorld.CameraAddress, payload);
        }

        while (network.NextArrival is var next && network.TryReceive(next, out var datagram))
        {
            arrived.Add((BitConverter.ToUInt16(datagram.Payload), next));
        }

        return arrived;
    }
}
