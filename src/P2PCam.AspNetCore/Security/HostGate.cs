using System.Net;
using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// Lets requests through only if their Host header names this machine. That defeats DNS rebinding, where a foreign page makes its own
/// host name resolve to a LAN address: the browser then still sends the foreign name.
/// </summary>
/// <param name="identity">The machine's own names and addresses.</param>
/// <param name="allowedHosts">Others that the program was told of: names, <c>*.example.org</c> for all below one, addresses, <c>*</c> for any.</param>
/// <param name="certified">Those that its certificate is for, asked for each time, since a renewed one may be for others; null for none.</param>
internal sealed class HostGate(LocalIdentitySource identity, IEnumerable<string> allowedHosts, Func<IEnumerable<string>>? certified = null)
{
    private readonly HashSet<string> _allowed = new(allowedHosts.Select(Normalize), StringComparer.Ordinal);

    /// <summary>Whether an entry of AllowedHosts can ever be met by a Host header.</summary>
    public static bool IsPattern(string host) => Normalize(host) is var name
        && (name == "*" || IPAddress.TryParse(name, out _)
            || HostNames.IsHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name));

    /// <summary>Wraps an endpoint: foreign host → 421, none → 400.</summary>
    public RequestDelegate Guard(RequestDelegate next) => context => IsAllowed(context) ? next(context) : RefuseAsync(context);

    /// <summary>Whether to go on with this request.</summary>
    public bool IsAllowed(HttpContext context) => context.Request.Host.HasValue && IsAllowed(context.Request.Host.Host, context.Connection.LocalIpAddress);

    /// <summary>Answers a request that is not allowed.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        var (status, text) = context.Request.Host.HasValue
            ? (StatusCodes.Status421MisdirectedRequest, "P2P3001: this machine does not go by that host name. Open it by its address, or add the name to AllowedHosts (LanCamera: --allow-host NAME).\n")
            : (StatusCodes.Status400BadRequest, "P2P3002: the request has no Host header.\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    /// <param name="host">The Host header without its port.</param>
    /// <param name="connectedTo">The local address that the connection arrived at, if known.</param>
    public bool IsAllowed(string host, IPAddress? connectedTo)
    {
        var name = Normalize(host);
        if (_allowed.Contains("*") || _allowed.Contains(name))
        {
            return true;
        }

        var known = identity.Current;
        if (!IPAddress.TryParse(name, out var address))
        {
            return known.Names.Contains(name) || IsBelowAllowed(name) || IsCertified(name);
        }

        address = LocalIdentity.WithoutZone(address);
        return IPAddress.IsLoopback(address)
            || (connectedTo is not null && address.Equals(LocalIdentity.WithoutZone(connectedTo)))
            || known.Addresses.Contains(address);
    }

    // As ASP.NET Core's own AllowedHosts means it: below the name, not the name itself.
    private bool IsBelowAllowed(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', dot + 1))
        {
            if (_allowed.Contains("*" + name[dot..]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>RFC 6125 section 6.4.3: a star stands for one whole label, the first one.</summary>
    private bool IsCertified(string name)
    {
        var starred = name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? "*" + name[dot..] : name;
        return certified?.Invoke().Select(Normalize).Any(own => own == name || own == starred) == true;
    }

    // "[::1]" and "::1", "Desk.Local." and "desk.local" are the same.
    private static string Normalize(string host)
    {
        var name = host.Trim().ToLowerInvariant();
        name = name is ['[', .., ']'] ? name[1..^1] : name;
        if (name.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(name, out var address))
        {
            return address.ToString();
        }

        name = name is [.., not '.', '.'] ? name[..^1] : name;
        return HostNames.ToAscii(name) ?? name;
    }
}
