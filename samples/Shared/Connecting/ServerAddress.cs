namespace Samples;

internal enum SignalingKind
{
    WebSocket,
    SignalR,
}

/// <summary>A rendezvous server, how to talk to it, and where people watch what it relays.</summary>
/// <param name="Endpoint">For example <c>wss://host/signal</c> or <c>https://host/hub</c>.</param>
/// <param name="Kind">What is spoken there.</param>
internal sealed record ServerAddress(Uri Endpoint, SignalingKind Kind)
{
    /// <summary>Reads <c>--server</c>: ws and wss mean WebSocket, http and https SignalR, unless <c>--transport</c> says otherwise. Without a path, the server's usual one is meant.</summary>
    public static ServerAddress Parse(string? text, SignalingKind? transport)
    {
        if (text is null)
        {
            throw new UsageException("Which server? Start samples/Rendezvous and pass the address that it prints, such as --server wss://192.168.1.20:3100/signal.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("ws" or "wss" or "http" or "https"))
        {
            throw new UsageException($"--server takes an address such as wss://host:3100/signal (WebSocket) or https://host:3100/hub (SignalR), not '{text}'.");
        }

        // A link to share, or one with a password: neither is sent, and neither is repeated here.
        if (address.Fragment.Length > 1 || address.UserInfo.Length > 0)
        {
            throw new UsageException($"--server takes the address of {address.Host} without {(address.Fragment.Length > 1 ? "what is behind '#': a token goes into --token" : "a user name and password")}.");
        }

        var kind = transport ?? (address.Scheme is "ws" or "wss" ? SignalingKind.WebSocket : SignalingKind.SignalR);
        var isEncrypted = address.Scheme is "wss" or "https";
        var endpoint = new UriBuilder(address)
        {
            Scheme = (kind, isEncrypted) switch
            {
                (SignalingKind.WebSocket, true) => "wss",
                (SignalingKind.WebSocket, false) => "ws",
                (_, true) => "https",
                _ => "http",
            },
            Path = address.AbsolutePath is "/" ? UsualPath(kind) : address.AbsolutePath,
            Port = address.Port,
        };
        return new(endpoint.Uri, kind);
    }

    /// <summary>Reads <c>--transport</c>.</summary>
    public static SignalingKind ParseTransport(string text) => text.ToLowerInvariant() switch
    {
        "websocket" => SignalingKind.WebSocket,
        "signalr" => SignalingKind.SignalR,
        _ => throw new UsageException($"--transport takes websocket or signalr, not '{text}'."),
    };

    /// <summary>The page on which browsers watch a stream of this server.</summary>
    public Uri PageOf(string stream)
    {
        var path = Endpoint.AbsolutePath;
        var prefix = path.EndsWith(UsualPath(Kind), StringComparison.Ordinal) ? path[..^UsualPath(Kind).Length] : "";
        return new UriBuilder(Endpoint)
        {
            Scheme = Endpoint.Scheme is "wss" or "https" ? "https" : "http",
            Path = $"{prefix}/s/{stream}",
            Query = "",
            Port = Endpoint.IsDefaultPort ? -1 : Endpoint.Port,
        }.Uri;
    }

    private static string UsualPath(SignalingKind kind) => kind == SignalingKind.WebSocket ? "/signal" : "/hub";
}
