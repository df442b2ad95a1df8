using System.Text;

namespace P2PCam.Publishing;

/// <summary>
/// Reads ICE servers out of Link headers (RFC 8288 section 3 as RFC 9725 section 4.6 uses it):
/// <code>&lt;turn:turn.example.net?transport=udp&gt;; rel="ice-server"; username="user"; credential="secret"; credential-type="password"</code>
/// </summary>
internal static class LinkHeader
{
    private const int MostServers = 32;

    public static IReadOnlyList<IceServer> ReadIceServers(IEnumerable<string> headers)
    {
        var servers = new List<IceServer>();
        foreach (var header in headers)
        {
            var position = 0;
            while (servers.Count < MostServers && TryReadLink(header, ref position, out var target, out var parameters))
            {
                if (parameters.GetValueOrDefault("rel")?.Split(' ').Contains("ice-server", StringComparer.OrdinalIgnoreCase) == true)
                {
                    servers.Add(new IceServer([target], parameters.GetValueOrDefault("username"), parameters.GetValueOrDefault("credential")));
                }
            }
        }

        return servers;
    }

    private static bool TryReadLink(string text, ref int position, out string target, out Dictionary<string, string> parameters)
    {
        (target, parameters) = ("", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        var start = text.IndexOf('<', position);
        var end = start < 0 ? -1 : text.IndexOf('>', start);
        if (end < 0)
        {
            return false;
        }

        target = text[(start + 1)..end];
        position = end + 1;
        while (position < text.Length && text[position] != ',')
        {
            if (text[position] is ';' or ' ' or '\t')
            {
                position++;
                continue;
            }

            var name = ReadUntil(text, ref position, "=;,").Trim();
            var value = position < text.Length && text[position] == '=' ? ReadValue(text, ref position) : "";
            parameters.TryAdd(name, value);
        }

        return true;
    }

    private static string ReadValue(string text, ref int position)
    {
        position++;
        if (position >= text.Length || text[position] != '"')
        {
            return ReadUntil(text, ref position, ";,").Trim();
        }

        var value = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            position += text[position] == '\\' && position + 1 < text.Length ? 1 : 0;
            value.Append(text[position]);
        }

        position++;
        return value.ToString();
    }

    private static string ReadUntil(string text, ref int position, string ends)
    {
        var start = position;
        while (position < text.Length && !ends.Contains(text[position], StringComparison.Ordinal))
        {
            position++;
        }

        return text[start..position];
    }
}
