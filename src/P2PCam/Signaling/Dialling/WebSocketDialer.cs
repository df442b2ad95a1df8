using System.Net.WebSockets;

namespace P2PCam;

/// <summary>Opens the WebSocket of a signaling transport; what fails is a <see cref="SignalingException"/> that says what is at fault.</summary>
/// <param name="server">Where signaling is, in the words of whoever gave the address.</param>
/// <param name="usualPath">Where MapP2PCam has it.</param>
/// <param name="fingerprint">SHA-256 of the certificate or authority that is trusted; null for the system's authorities.</param>
internal sealed class WebSocketDialer(Uri server, string usualPath, string? fingerprint)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private readonly CertificatePin? _pin = CertificatePin.For(fingerprint, server);

    /// <summary>Connects, once more if the pinned authority had to be fetched first.</summary>
    /// <param name="connect">Makes a connection that calls back to <see cref="DialOnceAsync"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<T> DialAsync<T>(Func<Task<T>> connect, CancellationToken cancellationToken) => _pin is null ? connect() : _pin.TryAsync(connect, cancellationToken);

    /// <summary>One WebSocket to the server.</summary>
    /// <exception cref="SignalingException">It is not reachable (P2P2002), not trusted (P2P2015), or no signaling is there (P2P2016).</exception>
    public async Task<ClientWebSocket> DialOnceAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        var identity = new ServerIdentity(server, _pin);
        try
        {
            socket.Options.KeepAliveInterval = KeepAlive;
            socket.Options.KeepAliveTimeout = KeepAlive;
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.RemoteCertificateValidationCallback = identity.Validate;
            await socket.ConnectAsync(SignalingAddress.OfSocket(server, nameof(server)), cancellationToken);
            socket.HttpResponseHeaders = null;
            return socket;
        }
        catch (Exception e)
        {
            var (status, location) = (socket.HttpStatusCode, LocationIn(socket.HttpResponseHeaders));
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (e is WebSocketException or HttpRequestException or IOException)
            {
                throw DialFailure.Explain(server, usualPath, status, location, identity, e);
            }

            throw;
        }
    }

    private static string? LocationIn(IReadOnlyDictionary<string, IEnumerable<string>>? headers) =>
        headers?.FirstOrDefault(header => header.Key.Equals("Location", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
}
