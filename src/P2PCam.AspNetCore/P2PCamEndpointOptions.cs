namespace P2PCam.AspNetCore;

/// <summary>Who may use the endpoints of <c>MapP2PCam</c>, and how much of them. Ranges are checked when they are mapped.</summary>
public sealed class P2PCamEndpointOptions
{
    /// <summary>
    /// Host names that requests may name besides this machine's own names and addresses, without a port, for example
    /// <c>camera.example.org</c>; <c>*</c> allows all and with it gives up the defence against DNS rebinding. Default empty.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Origins of foreign pages that may open the signaling WebSocket, for example <c>https://intranet.example.org</c>. The endpoints' own
    /// origin is always allowed, and so are programs, which send none. Default empty.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether a program may be the camera of a stream over this WebSocket. Default false: anybody who can connect could.</summary>
    public bool AllowBroadcasters { get; set; }

    /// <summary>Most signaling connections at once, 1 to 100,000. Default 500.</summary>
    public int MaxConnections { get; set; } = 500;

    /// <summary>Most signaling connections at once from one address, 1 to 100,000; addresses of one IPv6 /64 count as one. Default 32.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 32;

    /// <summary>Messages that a connection may send per second on average, 1 to 10,000; four seconds' worth may come at once. Default 50.</summary>
    public int MaxMessagesPerSecond { get; set; } = 50;

    /// <summary>How long a new connection may take to say hello, 1 to 120 s. Default 10 s.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silent connection is pinged, 1 to 600 s. Default 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a ping may take before the connection counts as dead, 1 to 600 s. Default 15 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Decides about a hello after the rules above; null lets it in.</summary>
    internal Func<HelloMessage, SignalingAdmission?>? Authorize { get; set; }

    internal void Validate()
    {
        Check(MaxConnections, 1, 100_000, nameof(MaxConnections));
        Check(MaxConnectionsPerAddress, 1, 100_000, nameof(MaxConnectionsPerAddress));
        Check(MaxMessagesPerSecond, 1, 10_000, nameof(MaxMessagesPerSecond));
        Check(HelloTimeout.TotalSeconds, 1, 120, nameof(HelloTimeout), " s");
        Check(KeepAliveInterval.TotalSeconds, 1, 600, nameof(KeepAliveInterval), " s");
        Check(KeepAliveTimeout.TotalSeconds, 1, 600, nameof(KeepAliveTimeout), " s");
        foreach (var origin in AllowedOrigins)
        {
            if (!Security.WebOrigin.TryParse(origin, out _))
            {
                throw new ArgumentException($"'{origin}' in {nameof(AllowedOrigins)} is no origin: write scheme://host or scheme://host:port, and nothing after it.");
            }
        }
    }

    private static void Check(double value, double least, double most, string name, string unit = "")
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} may be {least:N0} to {most:N0}{unit}.");
        }
    }
}
