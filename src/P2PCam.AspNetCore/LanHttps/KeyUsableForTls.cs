using System.Security.Cryptography.X509Certificates;

namespace P2PCam.AspNetCore.LanHttps;

internal static class KeyUsableForTls
{
    /// <summary>Windows' TLS takes no keys that live in memory only (dotnet/runtime#23749); going through PKCS #12 stores the key where it looks.</summary>
    public static X509Certificate2 Of(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
