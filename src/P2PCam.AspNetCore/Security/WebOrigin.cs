using System.Diagnostics.CodeAnalysis;

namespace P2PCam.AspNetCore.Security;

/// <summary>scheme://host:port as browsers send it in the Origin header (RFC 6454 section 7), with the port always known.</summary>
internal sealed record WebOrigin(string Scheme, string Host, int Port)
{
    private bool HasUsualPort => Port == (Scheme == "https" ? 443 : 80);

    /// <summary>Reads an origin; <c>null</c>, lists, paths and user names are none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WebOrigin? origin)
    {
        origin = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length > 0
            || uri.PathAndQuery != "/"
            || uri.Fragment.Length > 0
            || text.EndsWith('/')
            || text.AsSpan().IndexOfAny(" ,\\") >= 0)
        {
            return false;
        }

        origin = new WebOrigin(uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port);
        return true;
    }

    /// <summary>Reads an origin as people write it into options, who copy it from the address bar with the slash at its end.</summary>
    public static bool TryParseOption(string text, [NotNullWhen(true)] out WebOrigin? origin)
    {
        var trimmed = text.Trim();
        return TryParse(trimmed is [.., not '/', '/'] ? trimmed[..^1] : trimmed, out origin);
    }

    /// <summary>Origins as the sources of a Content-Security-Policy, each with a blank in front.</summary>
    public static string ListForPolicy(IEnumerable<string> origins) =>
        string.Concat(origins.Select(text => TryParseOption(text, out var origin) ? " " + origin : "").Distinct(StringComparer.Ordinal));

    /// <summary>As browsers write it: the scheme's usual port is left out.</summary>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host.Trim('[', ']')}]" : Host;
        return HasUsualPort ? $"{Scheme}://{host}" : $"{Scheme}://{host}:{Port}";
    }
}
