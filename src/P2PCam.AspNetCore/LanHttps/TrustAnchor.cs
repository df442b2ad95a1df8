namespace P2PCam.AspNetCore.LanHttps;

/// <summary>The certificate that devices may choose to trust.</summary>
/// <param name="Name">Its common name, as devices list it.</param>
/// <param name="Certificate">In DER.</param>
/// <param name="Sha256">Hash of <paramref name="Certificate"/>, 32 bytes.</param>
internal sealed record TrustAnchor(string Name, byte[] Certificate, byte[] Sha256)
{
    /// <summary>Pairs of hex digits with colons, as systems show it.</summary>
    public string Fingerprint => string.Join(':', Sha256.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
}
