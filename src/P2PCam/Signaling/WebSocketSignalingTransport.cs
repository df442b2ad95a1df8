using System.Net.WebSockets;

namespace P2PCam;

/// <summary>
/// Signaling over a WebSocket to a P2PCam host: one JSON message (see <see cref="SignalingJson"/>) per text message. A connection that breaks
/// is opened again and its session resumed; see <see cref="SignalingTransport"/>.
/// </summary>
public sealed class WebSocketSignalingTransport : SignalingTransport
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private readonly Uri _server;
    private readonly WebSocketSignalingOptions _options;
    private readonly CertificatePin? _pin;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ISignalingTransport.ConnectAsync"/>.</summary>
    /// <param name="server">For example <c>wss://192.168.1.20:3000/signal</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The address or the fingerprint is none.</exception>
    public WebSocketSignalingTransport(Uri server, Action<WebSocketSignalingOptions>? configure = null)
        : base("websocket")
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Scheme is not ("ws" or "wss"))
        {
            throw new ArgumentException($"A signaling address starts with ws:// or wss://, not {server.Scheme}://.", nameof(server));
        }

        (_server, _options) = (server, new WebSocketSignalingOptions());
        configure?.Invoke(_options);
        _pin = _options.ServerCertificateSha256 is { } fingerprint ? new CertificatePin(fingerprint, server) : null;
    }

    /// <inheritdoc />
    protected override TimeSpan ConnectTimeout => _options.ConnectTimeout;

    /// <inheritdoc />
    protected override async ValueTask<string?> GetAccessTokenAsync(SignalingJoin join, CancellationToken cancellationToken) =>
        join?.AccessToken ?? (_options.AccessTokenProvider is null ? null : await _options.AccessTokenProvider(cancellationToken));

    /// <inheritdoc />
    protected override async Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _pin is null ? await DialAsync(cancellationToken) : await _pin.TryAsync(() => DialAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException)
        {
            throw SignalingErrors.Unreachable($"{_server.Host}:{_server.Port}", e, _options.ConnectTimeout);
        }
    }

    internal async Task<ISignalingLink> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = KeepAlive;
            socket.Options.KeepAliveTimeout = KeepAlive;
            if (_pin is not null)
            {
                socket.Options.RemoteCertificateValidationCallback = _pin.Validate;
            }

            await socket.ConnectAsync(_server, cancellationToken);
            return new WebSocketLink(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
