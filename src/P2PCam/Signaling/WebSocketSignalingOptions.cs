namespace P2PCam;

/// <summary>How a <see cref="WebSocketSignalingTransport"/> connects.</summary>
public sealed class WebSocketSignalingOptions
{
    /// <summary>SHA-256 of the server's certificate (or of the CA that signed it) as hex, with or without colons; null trusts the system's authorities only.</summary>
    public string? ServerCertificateSha256 { get; set; }

    /// <summary>How long connecting and the server's welcome may take, 1 to 120 s. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gives the token that the server asks for, fresh at each connect.</summary>
    public Func<CancellationToken, ValueTask<string?>>? AccessTokenProvider { get; set; }

    /// <summary>The PIN that the camera asks viewers for (<c>ViewerPin</c>, LanCamera's <c>--pin</c>); shown where no token is given. Null, the default, for none. Never printed.</summary>
    public string? Pin { get; set; }
}
