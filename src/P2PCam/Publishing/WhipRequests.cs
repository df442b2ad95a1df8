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
    private const string Sdp = "application/sdp";
    private const int MostRedirects = 5;
    private const int LargestAnswer = 64 * 1024;
    private readonly WhipUplinkOptions _options;
    private readonly CertificatePin? _pin;
    private readonly ServerIdentity _identity;
    private readonly HttpClient _client;

    public WhipRequests(Uri endpoint, WhipUplinkOptions options)
    {
        _options = options;
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

            if (response.StatusCode != HttpStatusCode.Created)
            {
                throw await RefusalAsync(address, response, cancellationToken);
            }

            if (response.Content.Headers.ContentType?.MediaType != Sdp)
            {
                throw new WhipRequestException("P2P2303", $"{Name(address)} answered with '{response.Content.Headers.ContentType}' instead of {Sdp}: it is no WHIP endpoint.");
            }

            var session = response.Headers.Location is { } location ? new Uri(address, location) : null;
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
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(Sdp);
            }

            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            return await _client.SendAsync(request, cancellationToken);
        }
    }

    // The token goes along: it is the server's own, and so is the choice of where to send us. Not into the open, though.
    private static Uri Follow(Uri from, HttpResponseMessage response)
    {
        var to = response.Headers.Location is { } location ? new Uri(from, location) : null;
        return to is { Scheme: "https" } || (to is { Scheme: "http" } && from.Scheme == "http")
            ? to
            : throw new WhipRequestException("P2P2305", $"{Name(from)} redirects to no address that could be followed.");
    }

    private static async Task<WhipRequestException> RefusalAsync(Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var words = status is >= 300 and < 400 ? "a redirect other than 307" : await DetailAsync(response, cancellationToken);
        return new WhipRequestException(status is >= 300 and < 400 ? "P2P2305" : "P2P2301", $"{Name(address)} refused with HTTP {status}{(words.Length > 0 ? $": {words}" : "")}.")
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>What the server says in problem+json (RFC 9457), as one short line.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
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
    private static string Name(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
