using System.Globalization;
using System.Net;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>The single values in forwarded headers, whichever header they come in. What cannot be is null.</summary>
internal static class ForwardedValues
{
    private const int LongestHost = 259;
    private const int LongestPrefix = 512;

    /// <summary>An address, IPv6 with or without brackets, perhaps with a port; <c>unknown</c> and names that hide one are none (RFC 7239 section 6).</summary>
    public static IPEndPoint? ReadAddress(string text) => IPEndPoint.TryParse(text, out var address) ? address : null;

    public static string? ReadScheme(string text) => text.ToLowerInvariant() switch
    {
        "http" or "ws" => "http",
        "https" or "wss" => "https",
        _ => null,
    };

    public static string? ReadHost(string text) =>
        text.Length is > 0 and <= LongestHost && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']') ? text : null;

    public static int? ReadPort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>A path of letters, digits and few signs, so that nothing in it can lead to another host or out of itself.</summary>
    public static string? ReadPrefix(string text)
    {
        var path = text.TrimEnd('/');
        return path.Length is > 1 and <= LongestPrefix
            && path[0] == '/'
            && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~')
            && path.Split('/').Skip(1).All(segment => segment is not ("" or "." or ".."))
            ? path
            : null;
    }
}
