using System.Buffers;
using System.Net;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// Addresses as SDP writes them (RFC 8866 section 9): dotted decimal with four parts, or IPv6 without brackets and zone. Stricter than
/// <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress)"/>, which takes "1", octal and hexadecimal for IPv4.
/// </summary>
internal static class IceAddressText
{
    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParse(ReadOnlySpan<char> text, ushort port, out TransportAddress address)
    {
        address = default;
        if (!LooksLikeIPv4(text) && !LooksLikeIPv6(text))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = TransportAddress.From(parsed, port);
        return true;
    }

    public static string Format(TransportAddress address) => (address with { ScopeId = 0 }).ToIPAddress().ToString();

    private static bool LooksLikeIPv6(ReadOnlySpan<char> text) =>
        text.Length <= 45 && text.Contains(':') && text.IndexOfAnyExcept(IPv6Chars) < 0;

    private static bool LooksLikeIPv4(ReadOnlySpan<char> text)
    {
        if (text.Length > 15 || text.Count('.') != 3)
        {
            return false;
        }

        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || part.IndexOfAnyExceptInRange('0', '9') >= 0 || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }
        }

        return true;
    }
}
