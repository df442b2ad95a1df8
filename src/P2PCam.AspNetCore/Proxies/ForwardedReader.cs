using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>Reads what proxies add to a request, the nearest proxy first. Each appends to what was there, so the lists are read from their ends.</summary>
internal static class ForwardedReader
{
    public const string For = "X-Forwarded-For";
    public const string Proto = "X-Forwarded-Proto";
    public const string Host = "X-Forwarded-Host";
    public const string Port = "X-Forwarded-Port";
    public const string Prefix = "X-Forwarded-Prefix";

    /// <summary>Longer chains end here; nobody has so many proxies.</summary>
    private const int MostHops = 16;

    public static IEnumerable<ForwardedHop> ReadX(IHeaderDictionary headers)
    {
        string[] addresses = Split(headers[For]), schemes = Split(headers[Proto]), hosts = Split(headers[Host]), ports = Split(headers[Port]), prefixes = Split(headers[Prefix]);
        var hops = Math.Min(MostHops, new[] { addresses, schemes, hosts, ports, prefixes }.Max(list => list.Length));
        for (var hop = 0; hop < hops; hop++)
        {
            yield return new ForwardedHop
            {
                For = At(addresses, hop) is { } address ? ForwardedValues.ReadAddress(address) : null,
                Scheme = At(schemes, hop) is { } scheme ? ForwardedValues.ReadScheme(scheme) : null,
                Host = At(hosts, hop) is { } host ? ForwardedValues.ReadHost(host) : null,
                Port = At(ports, hop) is { } port ? ForwardedValues.ReadPort(port) : null,
                Prefix = At(prefixes, hop) is { } prefix ? ForwardedValues.ReadPrefix(prefix) : null,
            };
        }
    }

    /// <summary><c>Forwarded: for="[2001:db8::1]:4711";proto=https;host=example.org, for=10.0.0.2</c> (RFC 7239 section 4). It knows no prefix; that has its header.</summary>
    public static IEnumerable<ForwardedHop> ReadStandard(IHeaderDictionary headers)
    {
        var prefixes = Split(headers[Prefix]);
        var elements = headers["Forwarded"].SelectMany(value => SplitOutsideQuotes(value ?? "", ',')).Reverse().Take(MostHops).ToArray();
        for (var hop = 0; hop < elements.Length; hop++)
        {
            var result = new ForwardedHop { Prefix = At(prefixes, hop) is { } prefix ? ForwardedValues.ReadPrefix(prefix) : null };
            foreach (var pair in SplitOutsideQuotes(elements[hop], ';'))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                var value = equals < 0 ? "" : Unquote(pair[(equals + 1)..].Trim());
                result = (equals < 0 ? "" : pair[..equals].Trim().ToLowerInvariant()) switch
                {
                    "for" => result with { For = ForwardedValues.ReadAddress(value) },
                    "proto" => result with { Scheme = ForwardedValues.ReadScheme(value) },
                    "host" => result with { Host = ForwardedValues.ReadHost(value) },
                    _ => result,
                };
            }

            yield return result;
        }
    }

    private static string? At(string[] list, int fromEnd) => fromEnd < list.Length ? list[^(fromEnd + 1)] : null;

    private static string[] Split(StringValues values) => values.Count == 0 ? [] : values.ToString().Split(',', StringSplitOptions.TrimEntries);

    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] == separator && !isQuoted)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    private static string Unquote(string text) => text is ['"', .., '"'] ? text[1..^1].Replace("\\", "", StringComparison.Ordinal) : text;
}
