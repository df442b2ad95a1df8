using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Limits for a server that anybody can reach.</summary>
public static class P2PCamKestrelServerOptionsExtensions
{
    /// <summary>How long a request's head or a TLS handshake may take.</summary>
    internal static readonly TimeSpan SlowRequest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);
    private const int MaxConnections = 2000;

    /// <summary>
    /// Limits what a connection may cost: 10 s for a request's head, 60 s without a request, and 2,000 connections at once unless the program has
    /// set another limit. <c>UseP2PCamLanHttps</c> does so by itself.
    /// </summary>
    /// <param name="kestrel">The server's options.</param>
    public static void UseP2PCamLimits(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);

        // A viewer's whole traffic here is a page and a WebSocket: who is slower than this is not watching.
        kestrel.Limits.RequestHeadersTimeout = SlowRequest;
        kestrel.Limits.KeepAliveTimeout = IdleConnection;
        kestrel.Limits.MaxConcurrentConnections ??= MaxConnections;
        kestrel.AddServerHeader = false;
    }
}
