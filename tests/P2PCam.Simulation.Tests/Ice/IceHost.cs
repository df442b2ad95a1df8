using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Ice;

/// <summary>An agent with its addresses on the simulated network, and a record of what it reported.</summary>
internal sealed class IceHost
{
    private readonly byte[] _buffer = new byte[IceLimits.MaxMessageSize];

    public IceHost(int seed, IceRole role, params TransportAddress[] addresses)
        : this(seed, new IceAgentOptions { Role = role }, addresses)
    {
    }

    public IceHost(int seed, IceAgentOptions options, params TransportAddress[] addresses)
    {
        Agent = new IceAgent(options, new SeededRandom(seed));
        Addresses = addresses;
    }

    public IceAgent Agent { get; }

    public TransportAddress[] Addresses { get; }

    public List<(TimeSpan Time, IceEvent Event)> Events { get; } = [];

    public IceCandidate[] Candidates =>
        [.. Addresses.Select((address, i) => IceCandidate.Host(address, IcePriority.LocalPreference(i, !address.IsIPv4)))];

    public TransportAddress? SelectedRemote => Agent.TryGetSelectedPair(out _, out var remote) ? remote : null;

    public TransportAddress? SelectedLocal => Agent.TryGetSelectedPair(out var local, out _) ? local : null;

    public TimeSpan? TimeOf(IceState state) => Events.Where(e => e.Event.Kind == IceEventKind.StateChanged && e.Event.State == state)
        .Select(e => (TimeSpan?)e.Time).FirstOrDefault();

    public void AddLocalCandidates(TimeSpan now)
    {
        foreach (var candidate in Candidates)
        {
            Agent.AddLocalCandidate(now, candidate);
        }
    }

    public void Drain(TimeSpan now, SimulatedNetwork network)
    {
        while (Agent.PollTransmit(_buffer, out var length, out var local, out var remote))
        {
            network.Send(now, local, remote, _buffer.AsSpan(0, length));
        }

        while (Agent.PollEvent(out var e))
        {
            Events.Add((now, e));
        }
    }
}
