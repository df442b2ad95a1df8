namespace P2PCam.AspNetCore;

/// <summary>How <c>UseP2PCamLanHttps</c> serves HTTPS on a local network.</summary>
public sealed class LanHttpsOptions
{
    /// <summary>TCP port for HTTPS and plain HTTP alike, on all addresses, 0 to 65535; 0 takes any free port. Default 3000.</summary>
    public int Port { get; set; } = 3000;

    /// <summary>Whether plain HTTP is served instead of being sent on to HTTPS. Watching works with it; nobody is protected from eavesdroppers. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Folder for the certificate authority and certificate; null (the default) means P2PCam in the user's local application data.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Host names that devices open besides the machine's own, without a port. The certificate names those that the authority may vouch for:
    /// below <c>local</c>, <c>home.arpa</c> and <c>internal</c>.
    /// </summary>
    public IList<string> HostNames { get; } = [];

    /// <summary>Your own certificate instead of a made one: .pfx or .p12 with its key, or PEM. Null (the default) makes one.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The PEM certificate's private key, if that is in a file of its own.</summary>
    public string? CertificateKeyPath { get; set; }

    /// <summary>What the key or the .pfx is encrypted with. Never printed.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>Makes a new authority at start, even if there is one. Devices that trusted the old one must trust the new one. Default false.</summary>
    public bool ResetAuthority { get; set; }
}
