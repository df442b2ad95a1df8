using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Ice;

/// <summary>Two agents on one network, driven in virtual time.</summary>
internal sealed class IceWorld(int seed, IceHost viewer, IceHost camera)
{
    public static TransportAddress ViewerAddress { get; } = TransportAddress.FromIPv4(0xC0A80102, 50000);

    public static TransportAddress CameraAddress { get; } = TransportAddress.FromIPv4(0xC0A80101, 3000);

    public static TransportAddress SecondViewerAddress { get; } = TransportAddress.FromIPv4(0x0A000002, 50000);

    public static TransportAddress SecondCameraAddress { get; } = TransportAddress.FromIPv4(0x0A000001, 3000);

    public SimulatedNetwork Network { get; } = new(seed);

    public IceHost Viewer { get; } = viewer;

    public IceHost Camera { get; } = camera;

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(100);

    /// <summary>A viewer that controls and a camera that is controlled, one address each.</summary>
    public static IceWorld Simple(int seed) => new(seed,
        new IceHost(seed * 2 + 1, IceRole.Controlling, ViewerAddress),
        new IceHost(seed * 2 + 2, IceRole.Controlled, CameraAddress));

    /// <summary>Two separate networks between the two, the first preferred by both.</summary>
    public static IceWorld TwoPaths(int seed)
    {
        var world = new IceWorld(seed,
            new IceHost(seed * 2 + 1, IceRole.Controlling, ViewerAddress, SecondViewerAddress),
            new IceHost(seed * 2 + 2, IceRole.Controlled, CameraAddress, SecondCameraAddress));
        world.Network.SetLinkBothWays(ViewerAddress, SecondCameraAddress, LinkConditions.Dead);
        world.Network.SetLinkBothWays(SecondViewerAddress, CameraAddress, LinkConditions.Dead);
        return world;
    }

    /// <summary>Both sides know each other's credentials and candidates from the start.</summary>
    public IceWorld Signal(bool viewerTellsCandidates = true, bool cameraTellsCandidates = true)
    {
        Viewer.AddLocalCandidates(Now);
        Camera.AddLocalCandidates(Now);
        Camera.Agent.SetRemoteCredentials(Now, Viewer.Agent.LocalUfrag, Viewer.Agent.LocalPassword);
        Viewer.Agent.SetRemoteCredentials(Now, Camera.Agent.LocalUfrag, Camera.Agent.LocalPassword);
        if (viewerTellsCandidates)
        {
            Tell(Viewer, Camera);
        }

        if (cameraTellsCandidates)
        {
            Tell(Camera, Viewer);
        }

        return this;
    }

    public void Tell(IceHost from, IceHost to)
    {
        foreach (var candidate in from.Candidates)
        {
            to.Agent.AddRemoteCandidate(Now, candidate);
        }
    }

    public bool BothConnected => Viewer.Agent.State == IceState.Connected && Camera.Agent.State == IceState.Connected;

    public bool RunUntilConnected(double seconds) => RunUntil(seconds, () => BothConnected);

    public void Run(double seconds) => RunUntil(seconds, () => false);

    /// <summary>False if the condition did not come true within that much virtual time.</summary>
    public bool RunUntil(double seconds, Func<bool> condition)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 1_000_000, "The agents ask to be woken without end.");
            Viewer.Drain(Now, Network);
            Camera.Drain(Now, Network);
            if (condition())
            {
                return true;
            }

            var next = new[] { Network.NextArrival, Viewer.Agent.NextTimeout, Camera.Agent.NextTimeout }.Min();
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = next > Now ? next : Now;
            while (Network.TryReceive(Now, out var datagram))
            {
                var host = Viewer.Addresses.Contains(datagram.To) ? Viewer : Camera.Addresses.Contains(datagram.To) ? Camera : null;
                host?.Agent.HandleDatagram(Now, datagram.To, datagram.From, datagram.Payload);
                host?.Drain(Now, Network);
            }

            Viewer.Agent.HandleTimeout(Now);
            Camera.Agent.HandleTimeout(Now);
        }
    }
}
