using System.Net;
using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// Tells a person who sits at this machine from everybody else. Coming over loopback is not enough: any page that is open here does. A page whose own name was made to
/// resolve to this machine (DNS rebinding) sends that name as the host; a page of another origin says so in Origin and Sec-Fetch-Site, which pages cannot change; and what a
/// proxy hands on, it usually marks.
/// </summary>
internal static class ThisMachine
{
    private static readonly OriginGate SameOriginOnly = new([]);
    private static readonly string[] MarksOfProxies = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public static bool IsAsking(HttpContext context) =>
        // Browsers speak HTTP/1.1 or later; what comes by 1.0 comes from a tool or, as nginx does unless told otherwise, from a proxy.
        !HttpProtocol.IsHttp10(context.Request.Protocol)
        && IsLoopback(context.Connection.RemoteIpAddress)
        && IsLoopback(context.Connection.LocalIpAddress)
        && IsLoopbackName(context.Request.Host)
        && !MarksOfProxies.Any(context.Request.Headers.ContainsKey)
        && SameOriginOnly.IsAllowed(context.Request)
        && context.Request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"];

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool IsLoopbackName(HostString host)
    {
        var name = host.Host.Trim('[', ']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IsLoopback(address));
    }
}
