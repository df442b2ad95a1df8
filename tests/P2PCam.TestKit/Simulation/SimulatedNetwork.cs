using P2PCam.WebRtc.Wire;

namespace P2PCam.TestKit.Simulation;

/// <summary>
/// A network without NAT in virtual time: whoever is named by an address gets what is sent to it, late, twice or never. Everything that
/// is drawn comes from one seed, so a run repeats exactly. A driver loop looks like this:
/// <code>
/// now = min(network.NextArrival, a.NextTimeout, b.NextTimeout);
/// while (network.TryReceive(now, out var datagram)) { hand it to the owner of datagram.To; drain; network.Send(now, from, to, bytes); }
/// handle the time-outs that are due; drain
/// </code>
/// </summary>
internal sealed class SimulatedNetwork(int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<SimulatedDatagram, (TimeSpan Time, long Order)> _flying = new();
    private readonly Dictionary<(TransportAddress From, TransportAddress To), LinkConditions> _links = [];
    private readonly Dictionary<(TransportAddress From, TransportAddress To), TimeSpan> _busyUntil = [];
    private long _order;

    /// <summary>For every direction between two addresses that <see cref="SetLink"/> has not set.</summary>
    public LinkConditions Default { get; set; } = LinkConditions.Perfect;

    public long Sent { get; private set; }

    public long Delivered { get; private set; }

    /// <summary>Lost at random or dropped at a full queue.</summary>
    public long Lost { get; private set; }

    /// <summary>When the next datagram arrives; <see cref="TimeSpan.MaxValue"/> if none is on its way.</summary>
    public TimeSpan NextArrival => _flying.TryPeek(out _, out var due) ? due.Time : TimeSpan.MaxValue;

    /// <summary>
    /// Sees every datagram that is sent, before it may be lost; false drops it. For tests that look at or select traffic.
    /// </summary>
    public Func<SimulatedDatagram, bool>? Filter { get; set; }

    /// <summary>One direction. Datagrams on the way already are not affected.</summary>
    public void SetLink(TransportAddress from, TransportAddress to, LinkConditions conditions) => _links[(from, to)] = conditions;

    public void SetLinkBothWays(TransportAddress a, TransportAddress b, LinkConditions conditions)
    {
        SetLink(a, b, conditions);
        SetLink(b, a, conditions);
    }

    public void Send(TimeSpan now, TransportAddress from, TransportAddress to, ReadOnlySpan<byte> payload)
    {
        Sent++;
        var datagram = new SimulatedDatagram(from, to, payload.ToArray());
        var link = _links.GetValueOrDefault((from, to)) ?? Default;
        if (Filter?.Invoke(datagram) == false
            || _random.NextDouble() < link.Loss
            || !TryPassBottleneck(now, link, datagram, out var leaves))
        {
            Lost++;
            return;
        }

        Fly(leaves, link, datagram);
        if (_random.NextDouble() < link.Duplication)
        {
            Fly(leaves, link, datagram);
        }
    }

    public bool TryReceive(TimeSpan now, out SimulatedDatagram datagram)
    {
        if (!_flying.TryPeek(out datagram, out var due) || due.Time > now)
        {
            datagram = default;
            return false;
        }

        _flying.Dequeue();
        Delivered++;
        return true;
    }

    private void Fly(TimeSpan leaves, LinkConditions link, SimulatedDatagram datagram) =>
        _flying.Enqueue(datagram, (leaves + link.Delay + link.Jitter * _random.NextDouble(), _order++));

    private bool TryPassBottleneck(TimeSpan now, LinkConditions link, SimulatedDatagram datagram, out TimeSpan leaves)
    {
        leaves = now;
        if (link.BitsPerSecond == 0)
        {
            return true;
        }

        var key = (datagram.From, datagram.To);
        var start = _busyUntil.GetValueOrDefault(key);
        start = start > now ? start : now;
        var size = datagram.Payload.Length + 28;
        var waitingBytes = (start - now).TotalSeconds * link.BitsPerSecond / 8;
        if (waitingBytes + size > link.QueueBytes)
        {
            return false;
        }

        leaves = _busyUntil[key] = start + TimeSpan.FromSeconds(size * 8.0 / link.BitsPerSecond);
        return true;
    }
}
