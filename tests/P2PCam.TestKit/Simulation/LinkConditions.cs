namespace P2PCam.TestKit.Simulation;

/// <summary>What one direction of a simulated link does to datagrams. The default is a perfect LAN with 1 ms of delay.</summary>
internal sealed record LinkConditions
{
    public static LinkConditions Perfect { get; } = new();

    /// <summary>A link that is down: everything is lost.</summary>
    public static LinkConditions Dead { get; } = new() { Loss = 1 };

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Up to this much is added, evenly drawn for each datagram; more than the gap between datagrams reorders them.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>0..1, drawn for each datagram.</summary>
    public double Loss { get; init; }

    /// <summary>0..1: the datagram arrives a second time, with a jitter of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>Bits per second; 0 is no limit. Each datagram counts 28 bytes more than its payload (IPv4 and UDP headers).</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>With a rate limit: the bytes that may wait for the bottleneck; what does not fit is dropped at the tail.</summary>
    public int QueueBytes { get; init; } = 64 * 1024;
}
