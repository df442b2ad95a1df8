using System.Text.RegularExpressions;

namespace P2PCam;

/// <summary>
/// What an address of signaling may look like, for every transport that dials one. <c>https</c> for <c>wss</c> and the other way round, and <c>http</c> for <c>ws</c>, can mean
/// one thing only and are taken; for everything else the words say what would be right.
/// </summary>
internal static partial class SignalingAddress
{
    public const string UsualSocketPath = "/signal";
    public const string UsualHubPath = "/hub";

    /// <summary>The address in the schemes of WebSockets (RFC 6455 section 3).</summary>
    /// <exception cref="ArgumentException">It is no address, or says more than one.</exception>
    public static Uri OfSocket(Uri address, string parameter) => In(("ws", "wss"), address, UsualSocketPath, parameter);

    /// <summary>The address in the schemes of HTTP, as a SignalR hub has it.</summary>
    /// <exception cref="ArgumentException">It is no address, or says more than one.</exception>
    public static Uri OfHub(Uri address, string parameter) => In(("http", "https"), address, UsualHubPath, parameter);

    public static bool IsEncrypted(Uri address) => address.Scheme is "wss" or "https";

    /// <summary>
    /// A user name or a token in an address is never sent, so whoever wrote it would be refused without knowing why. It is a secret, so it is not
    /// repeated.
    /// </summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    public static void ThrowIfUnsent(Uri address, string parameter)
    {
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 1)
        {
            throw new ArgumentException(
                $"The address of {address.Host} carries {(address.UserInfo.Length > 0 ? "a user name" : "a token behind '#'")}, which is not sent there. Take it out, and give the token by AccessTokenProvider.", parameter);
        }
    }

    private static Uri In((string Plain, string Encrypted) schemes, Uri address, string usualPath, string parameter)
    {
        ArgumentNullException.ThrowIfNull(address, parameter);
        var scheme = !address.IsAbsoluteUri ? null : address.Scheme switch
        {
            "ws" or "http" => schemes.Plain,
            "wss" or "https" => schemes.Encrypted,
            _ => null,
        };
        if (scheme is null)
        {
            throw new ArgumentException(
                $"'{Harmless(address)}' is no whole address: it begins with {schemes.Encrypted}://, or {schemes.Plain}:// where the host speaks plain HTTP. Write {Whole(address, schemes.Encrypted, usualPath)}.", parameter);
        }

        ThrowIfUnsent(address, parameter);
        return new UriBuilder(address) { Scheme = scheme, Port = address.Port }.Uri;
    }

    /// <summary>What was probably meant by an address without its beginning: <c>camera:3000</c>, <c>192.168.1.20/signal</c>.</summary>
    private static string Whole(Uri address, string scheme, string usualPath)
    {
        var meant = WithoutScheme().Match(address.OriginalString);
        return meant.Success
            ? $"{scheme}://{meant.Groups[1].Value}{(meant.Groups[2].Length > 1 ? meant.Groups[2].Value : usualPath)}"
            : $"for example {scheme}://192.168.1.20:3000{usualPath}";
    }

    private static string Harmless(Uri address) => address.OriginalString.Split('#')[0] is var text && text.LastIndexOf('@') is var at and > 0 ? $"…{text[at..]}" : text;

    // A host with a dot or a port; a path may follow. "name:3000" is a URI of the scheme "name" to .NET.
    [GeneratedRegex(@"^(?:[a-z0-9+.-]*://|//)?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?::\d+)?|[A-Za-z0-9._-]+:\d+|\[[0-9A-Fa-f:.]+\](?::\d+)?)(/[^?#\s@]*)?$")]
    private static partial Regex WithoutScheme();
}
