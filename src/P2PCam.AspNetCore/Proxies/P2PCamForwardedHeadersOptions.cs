namespace P2PCam.AspNetCore;

/// <summary>Whose word about a request is taken, for <c>UseP2PCamForwardedHeaders</c>.</summary>
public sealed class P2PCamForwardedHeadersOptions
{
    /// <summary>
    /// Addresses of the proxies in front of this program, such as <c>10.0.0.2</c>, or the networks that they are in, such as <c>172.16.0.0/12</c>. Empty (the
    /// default) means a proxy on this machine. What anybody else sends is not read.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>
    /// Reads <c>Forwarded</c> (RFC 7239) in place of <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Port</c>. Default false. Only ever one of the two is read: proxies
    /// hand on unchanged the one that they do not know, as a stranger wrote it.
    /// </summary>
    public bool ReadForwarded { get; set; }
}
