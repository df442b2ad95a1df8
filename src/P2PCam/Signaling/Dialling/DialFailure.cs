using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace P2PCam;

/// <summary>
/// Why a server could not be dialled, in words that name what is at fault: the way to it, its certificate, or an address at which something else answers.
/// </summary>
internal static partial class DialFailure
{
    /// <param name="server">What was dialled.</param>
    /// <param name="usualPath">Where MapP2PCam has what was looked for.</param>
    /// <param name="status">What the server answered with instead of a WebSocket; 0 if it did not get so far.</param>
    /// <param name="location">Where that answer points to, if anywhere.</param>
    /// <param name="identity">What was found out about its certificate.</param>
    /// <param name="inner">What .NET threw.</param>
    public static SignalingException Explain(Uri server, string usualPath, HttpStatusCode status, string? location, ServerIdentity identity, Exception inner)
    {
        var where = $"{server.Host}:{server.Port}";
        if (identity.Refusal is { } refusal)
        {
            var scheme = SignalingAddress.IsEncrypted(server) ? "" : $" The host takes encrypted connections only: write {Encrypted(server)}.";
            return new SignalingException(SignalingErrors.DistrustedCode, $"The certificate of {where} is not trusted: {refusal}.{scheme} {identity.Advice}", inner);
        }

        return status == 0
            ? new SignalingException(SignalingErrors.UnreachableCode, $"No signaling connection to {where}: {Reason(server, inner)}", inner)
            : new SignalingException(SignalingErrors.NoSignalingCode, $"{server} is no signaling address: {Reason(server, usualPath, (int)status, location)}", inner);
    }

    /// <summary>What kept a connection from being made, and what to do, as sentences.</summary>
    public static string Reason(Uri server, Exception e) => Find<SocketException>(e)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"there is no host named '{server.Host}' here. Check the name, or write its IP address.",
        SocketError.ConnectionRefused => $"nothing listens at port {server.Port} there. Check that the host runs, and the port that it prints.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown => "there is no way to it from here. Check that both are in one network.",
        SocketError.TimedOut => "it does not answer. Check that the host runs, and the firewalls in between.",
        { } => Words.Sentence(Find<SocketException>(e)!.Message),
        null when Find<AuthenticationException>(e) is { } tls => $"TLS could not be agreed on ({Words.Clause(tls.Message)}). If the host serves plain HTTP (--http), write {Plain(server)}.",
        _ => Words.Sentence((e.InnerException ?? e).Message),
    };

    private static string Reason(Uri server, string usualPath, int status, string? location) => status switch
    {
        // .NET follows redirects, but not from encrypted to plain, nor to another scheme.
        >= 300 and < 400 when !SignalingAddress.IsEncrypted(server) && location?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true =>
            $"the host takes encrypted connections only. Write {Encrypted(server)}.",
        >= 300 and < 400 => $"the server sends on to {(string.IsNullOrEmpty(location) ? "somewhere else" : $"'{location}'")} (HTTP {status}), perhaps to sign in. {RightPath(server, usualPath)}",
        400 when !SignalingAddress.IsEncrypted(server) => $"the server refused the request (HTTP 400), as one does that expects encryption. If it serves HTTPS, write {Encrypted(server)}. {RightPath(server, usualPath)}",
        401 => "the server wants somebody to be signed in (HTTP 401) before it lets anybody speak. Ask who runs it.",
        403 => "the server, or a proxy before it, lets nobody in from here (HTTP 403).",
        407 => "the proxy on the way wants a user name and a password (HTTP 407).",
        421 => $"the host does not go by the name '{server.Host}' (HTTP 421). Write its IP address, or have the name added to its AllowedHosts (LanCamera: --allow-host).",
        429 => "this machine connects too often (HTTP 429). Wait a minute, or have MaxJoinsPerMinute raised.",
        500 => "the server failed (HTTP 500); its log says why.",
        502 or 504 => $"a proxy answered that the server behind it is away (HTTP {status}). Try again when it is back.",
        503 => "the server takes no more connections at the moment (HTTP 503). Try again later.",
        _ => $"the server answered with HTTP {status} and not with a WebSocket. {RightPath(server, usualPath)}",
    };

    /// <summary>Where signaling is, seen from an address where it is not.</summary>
    private static string RightPath(Uri server, string usualPath)
    {
        if (server.AbsolutePath.EndsWith(usualPath, StringComparison.Ordinal))
        {
            return "The path looks right; check the host and the port, and what was given to MapP2PCam as the path in front.";
        }

        var path = Placed().Match(server.AbsolutePath).Groups["folder"].Value + usualPath;
        return $"MapP2PCam has it at {usualPath}: write {new UriBuilder(server) { Path = path, Query = "", Port = server.Port }.Uri}.";
    }

    private static Uri Plain(Uri server) => new UriBuilder(server) { Scheme = server.Scheme == "wss" ? "ws" : "http", Port = server.Port }.Uri;

    private static Uri Encrypted(Uri server) => new UriBuilder(server) { Scheme = server.Scheme == "ws" ? "wss" : "https", Port = server.Port }.Uri;

    private static T? Find<T>(Exception? e)
        where T : Exception => e is null ? null : e as T ?? Find<T>(e.InnerException);

    // The address of a page, or of another endpoint, that somebody took for it: what stands in front is where a proxy, or MapP2PCam, has all of them.
    [GeneratedRegex(@"^(?<folder>(?:/[^/]+)*?)/(?:s/[^/]+|camera(?:/[^/]+)?|whep(?:/.*)?|whip(?:/.*)?|signal|hub|trust|healthz)?/?$")]
    private static partial Regex Placed();
}
