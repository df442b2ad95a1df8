using System.Text;

namespace P2PCam.AspNetCore.Whip;

/// <summary>ICE servers as Link headers of the 201 (RFC 9725 section 4.6): one header for each address.</summary>
internal static class IceServerLinks
{
    public static IEnumerable<string> Format(IReadOnlyList<IceServer>? servers)
    {
        foreach (var server in servers ?? [])
        {
            foreach (var url in server.Urls)
            {
                var text = new StringBuilder().Append('<').Append(url).Append(">; rel=\"ice-server\"");
                if (server.Username is not null && server.Credential is not null)
                {
                    text.Append("; username=").Append(Quote(server.Username)).Append("; credential=").Append(Quote(server.Credential)).Append("; credential-type=\"password\"");
                }

                yield return text.ToString();
            }
        }
    }

    // quoted-string, RFC 9110 section 5.6.4
    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
