using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore;

/// <summary>
/// Who may use the endpoints of <c>MapP2PCam</c>, and how much of them. An options class like any other: <c>services.Configure&lt;P2PCamEndpointOptions&gt;</c>, configuration
/// (<c>AddP2PCam</c>), and last what <c>MapP2PCam</c> is given itself. Ranges are checked when they are mapped.
/// </summary>
public sealed class P2PCamEndpointOptions
{
    /// <summary>
    /// Host names that requests may name besides this machine's own names and addresses, without a port, for example
    /// <c>camera.example.org</c>, or <c>*.example.org</c> for all names below one; <c>*</c> allows all and with it gives up the defence against DNS rebinding.
    /// Default empty.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Origins of foreign pages that may watch, for example <c>https://intranet.example.org</c>: by <c>import</c> of <c>p2pcam.js</c>, by the viewer page in a frame, by the
    /// signaling WebSocket or hub, and by WHEP. The endpoints' own origin is always allowed, and so are programs, which send none. Default empty.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Whether a program may be the camera of a stream over these endpoints. Default false. Where it is true, say who may: by
    /// <see cref="BroadcastPolicy"/>, tokens, or an <see cref="ISignalingAuthorizer"/>; else anybody who can connect could.
    /// </summary>
    public bool AllowBroadcasters { get; set; }

    /// <summary>
    /// Whether two browsers may call each other in a stream's name, as callers: each sees and hears the other and learns its address. A policy or
    /// token that broadcasters need is asked from callers too, and <see cref="ViewerPin"/> is not. Default false.
    /// </summary>
    public bool AllowCallers { get; set; }

    /// <summary>
    /// Name of the ASP.NET Core authorization policy that broadcasters must meet; null (the default) asks for none. It is evaluated for each
    /// hello with its <see cref="SignalingRequest"/> as the resource, so that a handler can decide by stream. Needs <c>AddAuthorization</c>.
    /// </summary>
    public string? BroadcastPolicy { get; set; }

    /// <summary>Name of the policy that viewers must meet, likewise.</summary>
    public string? ViewPolicy { get; set; }

    /// <summary>
    /// What viewers must type in to watch, 4 to 64 characters; null (the default) asks for nothing. Wrong tries cost growing waits; still, a PIN of
    /// 4 digits is for people in the same house, not for the internet.
    /// </summary>
    public string? ViewerPin { get; set; }

    /// <summary>
    /// Whether viewers on this very machine need neither PIN nor token. Default false: behind a reverse proxy on the same machine, everybody
    /// seems to be on it.
    /// </summary>
    public bool TrustLoopback { get; set; }

    /// <summary>
    /// Whether pages and programs on this very machine may be the camera of a stream that takes browsers, without a token: those that ask for
    /// <c>localhost</c> or a loopback address, over loopback, and are no page of another origin. Default true; set it to false behind a reverse proxy
    /// on the same machine, which could make everybody look like that.
    /// </summary>
    public bool PublishFromLoopback { get; set; } = true;

    /// <summary>STUN servers, and TURN servers with a fixed password, that every participant is told. Default empty: a local network needs none.</summary>
    public IList<IceServer> IceServers { get; } = [];

    /// <summary>Most signaling connections at once, 1 to 100,000. Default 500.</summary>
    public int MaxConnections { get; set; } = 500;

    /// <summary>Most signaling connections at once from one address, 1 to 100,000; addresses of one IPv6 /64 count as one. Default 32.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 32;

    /// <summary>
    /// How often one address may connect per minute, 1 to 100,000; as many may come at once. Addresses of one IPv6 /64 count as one. Default 120.
    /// </summary>
    public int MaxJoinsPerMinute { get; set; } = 120;

    /// <summary>Most viewers of one stream that these endpoints let in, 1 to 100,000; a broadcaster has its own limit besides. Default 500.</summary>
    public int MaxViewersPerStream { get; set; } = 500;

    /// <summary>Messages that a connection may send per second on average, 1 to 10,000; four seconds' worth may come at once. Default 50.</summary>
    public int MaxMessagesPerSecond { get; set; } = 50;

    /// <summary>How long a new connection may take to say hello, 1 to 120 s. Default 10 s.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silent connection is pinged, 1 to 600 s. Default 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a ping may take before the connection counts as dead, 1 to 600 s. Default 15 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal IList<TurnServer> TurnServers { get; } = [];

    /// <summary>
    /// Adds a TURN server for which every participant gets credentials of its own, in the scheme of coturn's <c>use-auth-secret</c>. The secret
    /// stays here.
    /// </summary>
    /// <param name="uri">For example <c>turn:turn.example.org:3478</c> or <c>turns:turn.example.org:5349?transport=tcp</c> (RFC 7065).</param>
    /// <param name="secret">The server's <c>static-auth-secret</c>.</param>
    /// <param name="lifetime">How long credentials open new allocations, 1 minute to 48 hours; null means 1 hour. Allocations that exist live on.</param>
    /// <exception cref="ArgumentException">The URI is none of a TURN server, or the secret is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is out of its range.</exception>
    public P2PCamEndpointOptions AddTurnServer(string uri, string secret, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        if (!uri.StartsWith("turn:", StringComparison.Ordinal) && !uri.StartsWith("turns:", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{uri}' is no address of a TURN server: write turn:host:port or turns:host:port.", nameof(uri));
        }

        var time = lifetime ?? TimeSpan.FromHours(1);
        if (time < TimeSpan.FromMinutes(1) || time > TimeSpan.FromHours(48))
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), time, $"Credentials of a TURN server last 1 min to 48 h, not {Words.Duration(time)}.");
        }

        TurnServers.Add(new TurnServer(uri, secret, time));
        return this;
    }

    /// <exception cref="ArgumentException">An option is out of its range; the text names it.</exception>
    internal void Validate()
    {
        if (Ranges().FirstOrDefault(range => !range.IsMet) is { Name: not null } broken)
        {
            throw new ArgumentOutOfRangeException(broken.Name, broken.Value, broken.ToString());
        }

        if (FirstError() is { } error)
        {
            throw new ArgumentException(error);
        }
    }

    /// <summary>Null, or what is wrong, in words that name the option. The one rule for options, whoever set them.</summary>
    internal string? FirstError()
    {
        if (Ranges().FirstOrDefault(range => !range.IsMet) is { Name: not null } broken)
        {
            return broken.ToString();
        }

        // Not quoted: it is a secret.
        if (ViewerPin is { Length: < 4 or > 64 })
        {
            return $"{nameof(ViewerPin)} takes 4 to 64 characters.";
        }

        if (AllowedHosts.FirstOrDefault(host => !HostGate.IsPattern(host)) is { } odd)
        {
            return $"'{odd}' in {nameof(AllowedHosts)} is no host name: write camera.example.org, *.example.org or an address, each an entry of "
                + "its own, without scheme, port and path.";
        }

        return AllowedOrigins.FirstOrDefault(origin => !WebOrigin.TryParseOption(origin, out _)) is { } none
            ? $"'{none}' in {nameof(AllowedOrigins)} is no origin: write scheme://host or scheme://host:port, and nothing after it."
            : null;
    }

    private IEnumerable<Range> Ranges() =>
    [
        new(nameof(MaxJoinsPerMinute), MaxJoinsPerMinute, 1, 100_000),
        new(nameof(MaxViewersPerStream), MaxViewersPerStream, 1, 100_000),
        new(nameof(MaxConnections), MaxConnections, 1, 100_000),
        new(nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress, 1, 100_000),
        new(nameof(MaxMessagesPerSecond), MaxMessagesPerSecond, 1, 10_000),
        new(nameof(HelloTimeout), HelloTimeout.TotalSeconds, 1, 120, " s"),
        new(nameof(KeepAliveInterval), KeepAliveInterval.TotalSeconds, 1, 600, " s"),
        new(nameof(KeepAliveTimeout), KeepAliveTimeout.TotalSeconds, 1, 600, " s"),
    ];

    private readonly record struct Range(string Name, double Value, double Least, double Most, string Unit = "")
    {
        public bool IsMet => Value >= Least && Value <= Most;

        public override string ToString() => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{Name} may be {Least:N0} to {Most:N0}{Unit}, and is {Value:#,0.###}{Unit}.");
    }
}
