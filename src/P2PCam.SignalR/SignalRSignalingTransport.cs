using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.SignalR;

namespace P2PCam;

/// <summary>
/// Signaling over the SignalR hub of a P2PCam host. It speaks WebSockets without negotiating first, so that behind a load balancer no
/// sticky sessions are needed. A connection that breaks is opened again and its session resumed; see <see cref="SignalingTransport"/>.
/// </summary>
public sealed class SignalRSignalingTransport : SignalingTransport
{
    private readonly Uri _hub;
    private readonly SignalRSignalingOptions _options = new();
    private readonly WebSocketDialer _dialer;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ISignalingTransport.ConnectAsync"/>.</summary>
    /// <param name="hub">For example <c>https://192.168.1.20:3000/hub</c>; <c>wss</c> is taken for <c>https</c>, and <c>ws</c> for <c>http</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The address or the fingerprint is none, or an option is out of its range; the text says what would be right.</exception>
    public SignalRSignalingTransport(Uri hub, Action<SignalRSignalingOptions>? configure = null)
        : base("signalr")
    {
        _hub = SignalingAddress.OfHub(hub, nameof(hub));
        configure?.Invoke(_options);
        SignalingClientOptions.Check(_options.ConnectTimeout, _options.Pin);
        _dialer = new WebSocketDialer(_hub, SignalingAddress.UsualHubPath, _options.ServerCertificateSha256);
    }

    /// <inheritdoc />
    protected override TimeSpan ConnectTimeout => _options.ConnectTimeout;

    internal override string Where => $"{_hub.Host}:{_hub.Port}";

    /// <inheritdoc />
    protected override ValueTask<string?> GetAccessTokenAsync(SignalingJoin join, CancellationToken cancellationToken) =>
        SignalingClientOptions.ProofAsync(join, _options.AccessTokenProvider, _options.Pin, cancellationToken);

    /// <inheritdoc />
    protected override async Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _dialer.DialAsync(() => DialAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is IOException or HubException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
        {
            // A WebSocket that is none of SignalR's: its first words are not those of a hub.
            throw SignalingErrors.NoWelcome($"something else than SignalR ({Words.Clause(e.Message)})");
        }
    }

    internal async Task<ISignalingLink> DialAsync(CancellationToken cancellationToken)
    {
        var builder = new HubConnectionBuilder().WithUrl(_hub, http =>
        {
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
            http.WebSocketFactory = async (_, token) => await _dialer.DialOnceAsync(token);
        });
        builder.AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, HubJsonContext.Default));
        var link = new HubConnectionLink(builder.Build());
        try
        {
            await link.StartAsync(cancellationToken);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }
}
