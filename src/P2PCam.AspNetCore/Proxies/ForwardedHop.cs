using System.Net;

namespace P2PCam.AspNetCore.Proxies;

/// <summary>What one proxy says of the request that it was asked; null where it says nothing, or nothing that can be.</summary>
internal readonly record struct ForwardedHop
{
    /// <summary>Who asked the proxy.</summary>
    public IPEndPoint? For { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>The Host header, perhaps with a port.</summary>
    public string? Host { get; init; }

    public int? Port { get; init; }

    /// <summary>What the proxy cut off the path: with a slash at its beginning and none at its end.</summary>
    public string? Prefix { get; init; }
}
