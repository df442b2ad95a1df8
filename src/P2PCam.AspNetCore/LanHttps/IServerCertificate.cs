using System.Net.Security;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>Gives the certificate for the next TLS handshake.</summary>
internal interface IServerCertificate
{
    /// <summary>What devices may trust; null when the certificate is the user's own.</summary>
    TrustAnchor? Anchor { get; }

    SslStreamCertificateContext Current { get; }

    /// <summary>Host names that it brings with it, in lower case: those of the user's own certificate. A made one is for the names that there are already.</summary>
    IReadOnlyList<string> OwnNames => [];
}
