using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace P2PCam.Publishing;

/// <summary>What a server gave for an offer.</summary>
internal sealed record WhipAnswer(string Sdp, Uri? Session, string? Token, IReadOnlyList<IceServer> IceServers);

/// <summary>A server refused, or could not be reached. <see cref="RetryAfter"/> is its own wish.</summary>
internal sealed class WhipRequestException(string code, string message, Exception? inner = null) : P2PException(code, message, inner)
{
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The client's half of RFC 9725: POST, redirects, DELETE.</summary>
internal sealed class WhipRequests : IDisposable
{
    private const int MostRedirects = 5;
    private const int LargestAnswer = 64 * 1024;
    private readonly WhipUplinkOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly CertificatePin? _pin;
    private readonly ServerIdentity _identity;
    private readonly HttpClient _client;

    public WhipRequests(Uri endpoint, WhipUplinkOptions options, TimeProvider timeProvider)
    {
        (_options, _timeProvider) = (options, timeProvider);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.RequestTimeout };
        _pin = CertificatePin.For(options.ServerCertificateSha256, endpoint);
        _identity = new ServerIdentity(endpoint, _pin);
        handler.SslOptions.RemoteCertificateValidationCallback = _identity.Validate;
        _client = new HttpClient(handler) { Timeout = options.RequestTimeout, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <exception cref="WhipRequestException">The server is not there, refuses, or answers with something else.</exception>
    public async Task<WhipAnswer> PostAsync(Uri endpoint, string offer, CancellationToken cancellationToken)
    {
        var token = _options.AccessTokenProvider is { } provider ? await provider(cancellationToken) : null;
        var address = endpoint;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var response = await SendAsync(HttpMethod.Post, address, offer, token, cancellationToken);
            if (response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            {
                address = Follow(address, response);
                continue;
            }

            // An answer is one, though its status should be 201 (RFC 9725 section 4.2). A 201 that does not say what it carries is read, to see.
            var isCreated = response.StatusCode == HttpStatusCode.Created;
            var isAnswer = MediaTypes.Is(response.Content.Headers.ContentType, MediaTypes.Sdp) || (isCreated && response.Content.Headers.ContentType is null);
            if (!isCreated && !(response.IsSuccessStatusCode && isAnswer))
            {
                throw await RefusalAsync(address, response, cancellationToken);
            }

            if (!isAnswer)
            {
                throw new WhipRequestException("P2P2303", $"{Name(address)} answered with '{response.Content.Headers.ContentType}' instead of {MediaTypes.Sdp}: it is no WHIP endpoint.");
            }

            var session = SessionOf(address, response);
            var links = response.Headers.TryGetValues("Link", out var headers) ? headers : [];
            return new WhipAnswer(await response.Content.ReadAsStringAsync(cancellationToken), session, token, LinkHeader.ReadIceServers(links));
        }

        throw new WhipRequestException("P2P2305", $"{Name(endpoint)} redirects more than {MostRedirects} times.");
    }

    /// <summary>Ends a session. That it cannot be reached is no error: it finds out by itself.</summary>
    public async Task DeleteAsync(Uri session, string? token, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Delete, session, null, token, cancellationToken);
        }
        catch (WhipRequestException)
        {
            // Our goodbye in the media is on its way as well.
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string? offer, string? token, CancellationToken cancellationToken)
    {
        try
        {
            return _pin is null ? await SendOnceAsync() : await _pin.TryAsync(SendOnceAsync, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new WhipRequestException("P2P2302", _identity.Refusal is { } refusal
                ? $"The certificate of {Name(address)} is not trusted: {refusal}. If that is your server, set ServerCertificateSha256 to the fingerprint that it tells you."
                : $"{Name(address)} cannot be reached: {DialFailure.Reason(address, e)}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WhipRequestException("P2P2302", $"{Name(address)} did not answer within {Words.Duration(_options.RequestTimeout)}.", e);
        }

        async Task<HttpResponseMessage> SendOnceAsync()
        {
            using var request = new HttpRequestMessage(method, address);
            if (offer is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(offer));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Sdp);
            }

            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            return await _client.SendAsync(request, cancellationToken);
        }
    }

    // The token goes along: it is the server's own, and so is the choice of where to send us. Not into the open, though.
    private static Uri Follow(Uri from, HttpResponseMessage response) =>
        Resolve(from, response) ?? throw new WhipRequestException("P2P2305", $"{Name(from)} redirects to no address that could be followed.");

    // Without an address there is nothing to delete: such a session ends when its media do.
    private static Uri? SessionOf(Uri endpoint, HttpResponseMessage response) => Resolve(endpoint, response) is { } session && session != endpoint ? session : null;

    private static Uri? Resolve(Uri from, HttpResponseMessage response) =>
        response.Headers.Location is { OriginalString.Length: > 0 } location && Uri.TryCreate(from, location, out var to)
            && (to.Scheme == "https" || (to.Scheme == "http" && from.Scheme == "http")) ? to : null;

    private async Task<WhipRequestException> RefusalAsync(Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var words = status is >= 300 and < 400 ? "a redirect other than 307" : await DetailAsync(response, cancellationToken);
        return new WhipRequestException(status is >= 300 and < 400 ? "P2P2305" : "P2P2301", $"{Name(address)} refused with HTTP {status}{(words.Length > 0 ? $": {words}" : "")}.")
        {
            RetryAfter = response.Headers.RetryAfter is { } wish ? wish.Delta ?? wish.Date - _timeProvider.GetUtcNow() : null,
        };
    }

    /// <summary>What the server says in problem+json (RFC 9457), as one short line.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!MediaTypes.Is(response.Content.Headers.ContentType, MediaTypes.Problem))
        {
            return "";
        }

        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return Broadcasting.CloseReasons.FromPeer(json.RootElement.GetProperty("detail").GetString()).TrimEnd('.');
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException)
        {
            return "";
        }
    }

    // Without the path, which may be a secret of its own.
    private static string Name(Uri address) => $"{address.Scheme}://{address.Authority}";
}
