namespace P2PCam;

/// <summary>
/// Signaling over a WebSocket to a P2PCam host: one JSON message (see <see cref="SignalingJson"/>) per text message. A connection that breaks
/// is opened again and its session resumed; see <see cref="SignalingTransport"/>.
/// </summary>
public sealed class WebSocketSignalingTransport : SignalingTransport
{
    private readonly Uri _server;
    private readonly WebSocketSignalingOptions _options = new();
    private readonly WebSocketDialer _dialer;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ISignalingTransport.ConnectAsync"/>.</summary>
    /// <param name="server">For example <c>wss://192.168.1.20:3000/signal</c>; <c>https</c> is taken for <c>wss</c>, and <c>http</c> for <c>ws</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The address or the fingerprint is none, or an option is out of its range; the text says what would be right.</exception>
    public WebSocketSignalingTransport(Uri server, Action<WebSocketSignalingOptions>? configure = null)
        : base("websocket")
    {
        _server = SignalingAddress.OfSocket(server, nameof(server));
        configure?.Invoke(_options);
        SignalingClientOptions.Check(_options.ConnectTimeout, _options.Pin);
        _dialer = new WebSocketDialer(_server, SignalingAddress.UsualSocketPath, _options.ServerCertificateSha256);
    }

    /// <inheritdoc />
    protected override TimeSpan ConnectTimeout => _options.ConnectTimeout;

    internal override string Where => $"{_server.Host}:{_server.Port}";

    /// <inheritdoc />
    protected override ValueTask<string?> GetAccessTokenAsync(SignalingJoin join, CancellationToken cancellationToken) =>
        SignalingClientOptions.ProofAsync(join, _options.AccessTokenProvider, _options.Pin, cancellationToken);

    /// <inheritdoc />
    protected override Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken) => _dialer.DialAsync(() => DialAsync(cancellationToken), cancellationToken);

    internal async Task<ISignalingLink> DialAsync(CancellationToken cancellationToken) => new WebSocketLink(await _dialer.DialOnceAsync(cancellationToken));
}
