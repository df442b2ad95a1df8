using System.Net.Security;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace P2PCam;

/// <summary>Signaling over a WebSocket to a P2PCam host: one JSON message (see <see cref="SignalingJson"/>) per text message.</summary>
public sealed class WebSocketSignalingTransport : ISignalingTransport
{
    private readonly Uri _server;
    private readonly WebSocketSignalingOptions _options = new();
    private WebSocketMessageStream? _stream;
    private WelcomeMessage? _welcome;

    /// <summary>Prepares a connection; nothing is sent before <see cref="ConnectAsync"/>.</summary>
    /// <param name="server">For example <c>wss://192.168.1.20:3000/signal</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    public WebSocketSignalingTransport(Uri server, Action<WebSocketSignalingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Scheme is not ("ws" or "wss"))
        {
            throw new ArgumentException($"A signaling address starts with ws:// or wss://, not {server.Scheme}://.", nameof(server));
        }

        _server = server;
        configure?.Invoke(_options);
    }

    /// <inheritdoc />
    public string Name => "websocket";

    /// <inheritdoc />
    public async Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(join);
        await DisposeAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.ConnectTimeout);
        var token = join.AccessToken ?? (_options.AccessTokenProvider is null ? null : await _options.AccessTokenProvider(limit.Token));
        var socket = new ClientWebSocket();
        try
        {
            if (_options.ServerCertificateSha256 is { } pin)
            {
                socket.Options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => CertificatePin.Matches(pin, certificate as X509Certificate2, chain, errors);
            }

            await socket.ConnectAsync(_server, limit.Token);
            var stream = new WebSocketMessageStream(socket);
            await stream.SendAsync(new HelloMessage(join.Stream, join.Role, SignalingLimits.ProtocolVersion, token), limit.Token);
            _welcome = await stream.ReceiveAsync(limit.Token) switch
            {
                WelcomeMessage welcome => welcome,
                ErrorMessage error => throw new SignalingException(error.Code, error.Message),
                var other => throw new SignalingException("P2P2009", $"The server answered the hello with {other?.GetType().Name ?? "nothing"} instead of a welcome."),
            };
            _stream = stream;
        }
        catch (Exception e) when (e is not SignalingException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new SignalingException("P2P2002", $"No signaling connection to {_server.Host}:{_server.Port}: {(e is OperationCanceledException ? $"no answer within {_options.ConnectTimeout.TotalSeconds:0} s" : e.Message)}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default) =>
        (_stream ?? throw NotConnected()).SendAsync(message, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<SignalingMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stream = _stream ?? throw NotConnected();
        if (Interlocked.Exchange(ref _welcome, null) is { } welcome)
        {
            yield return welcome;
        }

        while (await stream.ReceiveAsync(cancellationToken) is { } message)
        {
            yield return message;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stream, null) is { } stream)
        {
            await stream.DisposeAsync();
        }
    }

    private static SignalingException NotConnected() => new("P2P2001", "Not connected: call ConnectAsync first, and again after the messages have ended.");
}

internal static class CertificatePin
{
    /// <summary>Accepts the pinned certificate, or one that chains up to the pinned authority; nothing else.</summary>
    public static bool Matches(string pin, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var wanted = pin.Replace(":", "", StringComparison.Ordinal);
        bool Is(X509Certificate2 candidate) => string.Equals(candidate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), wanted, StringComparison.OrdinalIgnoreCase);
        if (certificate is null)
        {
            return false;
        }

        if (Is(certificate))
        {
            return true;
        }

        var authority = chain?.ChainElements.Select(element => element.Certificate).FirstOrDefault(Is)
            ?? chain?.ChainPolicy.ExtraStore.FirstOrDefault(Is);
        if (authority is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var pinned = new X509Chain();
        pinned.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        pinned.ChainPolicy.CustomTrustStore.Add(authority);
        pinned.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return pinned.Build(certificate);
    }
}
