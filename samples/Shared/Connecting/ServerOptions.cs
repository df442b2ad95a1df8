using P2PCam;

namespace Samples;

/// <summary>Which server a program dials, and what it shows there.</summary>
internal interface IServerOptions
{
    string? Server { get; set; }

    SignalingKind? Transport { get; set; }

    string? Token { get; set; }

    string? PinSha256 { get; set; }

    /// <summary>What viewers type in; cameras are asked for none.</summary>
    string? Pin => null;
}

/// <summary>The options that say which server is dialled.</summary>
internal static class ServerOptions
{
    public const string TokenVariable = "P2PCAM_TOKEN";

    public const string Help = """
        Server
          --server URL        wss://host:port/signal (WebSocket) or https://host:port/hub (SignalR)
          --transport NAME    websocket or signalr, where the address does not tell
          --token TEXT        what the server asks for; better in the variable P2PCAM_TOKEN, where other users cannot read it
          --pin-sha256 HEX    trust the server's own certificate, or its authority, by this fingerprint
        """;

    public static OptionTable<T> Server<T>(this OptionTable<T> table)
        where T : IServerOptions => table
        .Value("--server", (o, text) => o.Server = text)
        .Value("--transport", (o, text) => o.Transport = ServerAddress.ParseTransport(text))
        .Value("--token", (o, text) => o.Token = text)
        .Value("--pin-sha256", (o, text) => o.PinSha256 = Fingerprint(text));

    /// <exception cref="UsageException">The fingerprint does not go with the address.</exception>
    public static ISignalingTransport CreateTransport(this IServerOptions options, ServerAddress server)
    {
        if (options.PinSha256 is not null && server.Endpoint.Scheme is ("ws" or "http"))
        {
            throw new UsageException($"--pin-sha256 names a certificate, and {server.Endpoint} shows none: write {(server.Kind == SignalingKind.WebSocket ? "wss" : "https")}://, or leave the fingerprint out.");
        }

        var token = options.Token ?? Environment.GetEnvironmentVariable(TokenVariable);
        return server.Kind switch
        {
            SignalingKind.WebSocket => new WebSocketSignalingTransport(server.Endpoint, socket =>
            {
                socket.ServerCertificateSha256 = options.PinSha256;
                socket.AccessTokenProvider = _ => ValueTask.FromResult(token);
                socket.Pin = options.Pin;
            }),
            _ => new SignalRSignalingTransport(server.Endpoint, hub =>
            {
                hub.ServerCertificateSha256 = options.PinSha256;
                hub.AccessTokenProvider = _ => ValueTask.FromResult(token);
                hub.Pin = options.Pin;
            }),
        };
    }

    private static string Fingerprint(string text) =>
        text.Replace(":", "", StringComparison.Ordinal) is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit)
            ? text
            : throw new UsageException("--pin-sha256 takes the 64 hex digits of a SHA-256 fingerprint, with or without colons, as the server prints it.");
}
