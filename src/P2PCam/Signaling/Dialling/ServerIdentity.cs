using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace P2PCam;

/// <summary>Decides at one TLS handshake whether the server is the one that is meant, and knows in words why not.</summary>
internal sealed class ServerIdentity(Uri server, CertificatePin? pin)
{
    private const int MostNames = 6;

    /// <summary>Why the server's certificate was refused, as a sentence without its end; null if it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What to do about it, as a sentence.</summary>
    public string Advice { get; private set; } = "";

    /// <summary>By the pin where there is one, else by the system's authorities.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var leaf = certificate as X509Certificate2;
        var isRight = pin is null ? errors == SslPolicyErrors.None : pin.IsMet(leaf, chain, errors);
        Advice = AdviceFor(leaf, errors);
        Refusal = isRight ? null : leaf is null ? "it showed none" : $"{Reason(leaf, chain, errors)}. Its own SHA-256 is {leaf.GetCertHashString(HashAlgorithmName.SHA256)}";
        return isRight;
    }

    private string Reason(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        var reason = Flaw(leaf, chain, errors);
        return pin is null ? reason
            : pin.AuthorityIsMet(leaf, chain) ? $"the pinned authority has signed it, but {reason}"
            : "it is not the pinned one, nor one for this host by the pinned authority";
    }

    /// <summary>The first of what is wrong that its owner could change; the authority comes last, because it is unknown for every certificate of a local network.</summary>
    private string Flaw(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return $"it is for {NamesOf(leaf)}, and not for '{server.IdnHost}'";
        }

        var now = DateTime.UtcNow;
        if (leaf.NotAfter.ToUniversalTime() < now)
        {
            return $"it expired on {leaf.NotAfter:yyyy-MM-dd}";
        }

        if (leaf.NotBefore.ToUniversalTime() > now)
        {
            return $"it is good from {leaf.NotBefore:yyyy-MM-dd} on, and this machine's clock says {now:yyyy-MM-dd}";
        }

        var flags = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
        return (flags & X509ChainStatusFlags.Revoked) != 0 ? "its authority has revoked it"
            : leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData) ? "it has signed itself"
            : "no authority that this machine trusts has signed it";
    }

    /// <summary>A fingerprint of the authority helps against an unknown authority only: name and time count as before.</summary>
    private string AdviceFor(X509Certificate2? leaf, SslPolicyErrors errors)
    {
        const string Set = "ServerCertificateSha256 (ConsoleViewer and ConsoleBroadcaster: --pin-sha256)";
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return $"Write one of those in the address, or, if that is your host, trust this very certificate by its SHA-256: set {Set}.";
        }

        return leaf is not null && (leaf.NotAfter.ToUniversalTime() < DateTime.UtcNow || leaf.NotBefore.ToUniversalTime() > DateTime.UtcNow)
            ? "Check the clocks of both machines, and have the host make a new one."
            : $"If that is your host, compare the fingerprint that it prints (that of its authority, also on https://{server.Authority}/trust) and set {Set} to it.";
    }

    private static string NamesOf(X509Certificate2 leaf)
    {
        var alternatives = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        List<string> names = alternatives is null ? [] : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(address => address.ToString())];
        return names.Count == 0 ? "no host name at all" : string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? ", …" : "");
    }
}
