using System.Net.WebSockets;
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
    private readonly CertificatePin? _pin;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ISignalingTransport.ConnectAsync"/>.</summary>
    /// <param name="hub">For example <c>https://192.168.1.20:3000/hub</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">The address or the fingerprint is none.</exception>
    public SignalRSignalingTransport(Uri hub, Action<SignalRSignalingOptions>? configure = null)
        : base("signalr")
    {
        ArgumentNullException.ThrowIfNull(hub);
        if (hub.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"A hub's address starts with http:// or https://, not {hub.Scheme}://.", nameof(hub));
        }

        _hub = hub;
        configure?.Invoke(_options);
        _pin = _options.ServerCertificateSha256 is { } fingerprint ? new CertificatePin(fingerprint, hub) : null;
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
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or HubException or InvalidOperationException)
        {
            throw SignalingErrors.Unreachable($"{_hub.Host}:{_hub.Port}", e, _options.ConnectTimeout);
        }
    }

    internal async Task<ISignalingLink> DialAsync(CancellationToken cancellationToken)
    {
        var builder = new HubConnectionBuilder().WithUrl(_hub, http =>
        {
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
            if (_pin is not null)
            {
                http.WebSocketConfiguration = socket => socket.RemoteCertificateValidationCallback = _pin.Validate;
            }
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
