using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// An address of a camera or stream as people write it, <c>scheme://user:password@host:port/path?query</c> (RFC 3986 section 3). Cameras' passwords hold
/// <c>@ # : / ? %</c>, which an address may hold only encoded; where it is clear what was meant, they are encoded here.
/// </summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Host">Name or address, without port.</param>
/// <param name="Text">The whole address as FFmpeg takes it.</param>
/// <param name="Path">What follows the host, without a query.</param>
/// <param name="Secrets">What must not be shown: user and password in each spelling, the query.</param>
internal sealed partial record MediaAddress(string Scheme, string Host, string Text, string Path, IReadOnlyList<string> Secrets)
{
    private const int MaxPort = 65_535;

    /// <summary>Whether it is an RTSP camera.</summary>
    public bool IsRtsp => Scheme is "rtsp" or "rtsps";

    /// <summary>Whether FFmpeg reads it by HTTP as a file or as a list of pieces, faster than life.</summary>
    public bool IsHttpFile => Scheme is "http" or "https" && FileName().IsMatch(Path);

    /// <summary>For logs and people, without what is secret.</summary>
    public string Name => $"{Scheme}://{Host}";

    /// <summary>Reads an address; null for whatever is none, such as a path.</summary>
    public static MediaAddress? TryParse(string text)
    {
        text = text.Trim();
        if (Beginning().Match(text) is not { Success: true } beginning)
        {
            return null;
        }

        var rest = text[beginning.Length..];
        var at = FindUserInfoEnd(rest);
        var (login, place) = at < 0 ? ("", rest) : (rest[..at], rest[(at + 1)..]);
        if (Place().Match(place) is not { Success: true } parts
            || (parts.Groups["port"] is { Length: > 0 } port && int.Parse(port.ValueSpan, CultureInfo.InvariantCulture) > MaxPort))
        {
            return null;
        }

        var encoded = Encode(login);
        var spaced = place.Replace(" ", "%20", StringComparison.Ordinal);
        return new MediaAddress(
            beginning.Groups[1].Value.ToLowerInvariant(),
            parts.Groups["host"].Value,
            $"{beginning.Groups[1].Value.ToLowerInvariant()}://{encoded}{(at < 0 ? "" : "@")}{spaced}",
            parts.Groups["path"].Value,
            [.. SecretsOf(login, encoded, parts.Groups["query"].Value)]);
    }

    /// <summary>
    /// Why no camera can be at this address, without what is secret in it; null if one can, or if it is of a kind that need not name a host,
    /// or no address.
    /// </summary>
    public static string? Obstacle(string text)
    {
        const string LooksLike = "It looks like rtsp://user:password@host/path or http://host:port/path.";
        if (Beginning().Match(text.Trim()).Groups[1].Value.ToLowerInvariant() is not ("rtsp" or "rtsps" or "http" or "https" or "rtmp" or "rtmps"))
        {
            return null;
        }

        return TryParse(text) switch
        {
            null => $"What the address has for a host and a port is none: a port is a number up to {MaxPort}. {LooksLike}",
            { Host: "" } => $"The address names no host. {LooksLike}",
            _ => null,
        };
    }

    // RFC 3986: user and password end at the last @ before the path. A / ? or # of the password may have been taken for the path's begin: so it is where what
    // stands before it cannot be host and port. No address of a stream has a fragment, so a # with an @ behind it is part of a password, too.
    private static int FindUserInfoEnd(string rest)
    {
        var end = rest.IndexOfAny(['/', '?', '#']);
        var authority = end < 0 ? rest : rest[..end];
        var at = authority.LastIndexOf('@');
        if (Place().IsMatch(rest[(at + 1)..]))
        {
            return at;
        }

        for (var next = rest.IndexOf('@', at + 1); next >= 0; next = rest.IndexOf('@', next + 1))
        {
            if (Place().IsMatch(rest[(next + 1)..]))
            {
                return next;
            }
        }

        return -1;
    }

    private static string Encode(string login)
    {
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? EncodePart(login) : $"{EncodePart(login[..colon])}:{EncodePart(login[(colon + 1)..])}";
    }

    // What is encoded already stays so.
    private static string EncodePart(string part)
    {
        var encoded = new StringBuilder();
        var from = 0;
        foreach (Match escape in Escape().Matches(part))
        {
            encoded.Append(Uri.EscapeDataString(part[from..escape.Index])).Append(escape.Value);
            from = escape.Index + escape.Length;
        }

        return encoded.Append(Uri.EscapeDataString(part[from..])).ToString();
    }

    private static IEnumerable<string> SecretsOf(string login, string encoded, string query)
    {
        string[] all = [login, encoded, Uri.UnescapeDataString(login), PasswordOf(login), PasswordOf(encoded), Uri.UnescapeDataString(PasswordOf(login)), query];
        return all.Where(secret => secret.Length > 0).Distinct().OrderByDescending(secret => secret.Length);
    }

    private static string PasswordOf(string login) => login.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? login[(colon + 1)..] : "";

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*)://")]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^(?<host>\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]|[\w.-]*)(?::(?<port>\d{0,5}))?(?<path>/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#[^@]*)?$")]
    private static partial Regex Place();

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\.(?:m3u8|mpd|mp4|m4v|mov|mkv|webm|avi|ts)$", RegexOptions.IgnoreCase)]
    private static partial Regex FileName();
}
