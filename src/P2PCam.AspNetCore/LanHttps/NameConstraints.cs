using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// What a local authority may vouch for, so that its key, if stolen, is worth nothing on the internet: names that no public DNS serves, the
/// host's own names, and private addresses.
/// </summary>
internal sealed class NameConstraints(IReadOnlyList<string> names)
{
    private static readonly string[] PrivateDomains = ["local", "localhost", "home.arpa", "internal"];

    /// <summary>RFC 1918, 6598, 3927 and 1122; RFC 4193, 4291 (link-local and loopback).</summary>
    private static readonly IPNetwork[] PrivateNetworks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("::1/128"),
    ];

    private const string Oid = "2.5.29.30";
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IPAddressName = new(TagClass.ContextSpecific, 7);

    /// <summary>The private domains, and those of the host's names that are not below one of them.</summary>
    public static NameConstraints For(IEnumerable<string> hostNames) =>
        new([.. PrivateDomains, .. hostNames.Where(name => !PrivateDomains.Any(domain => IsBelow(name, domain))).Distinct()]);

    /// <summary>Whether a certificate with this name would be believed.</summary>
    public bool Permits(string dnsName) => names.Any(domain => IsBelow(dnsName, domain));

    public static bool Permits(IPAddress address) => PrivateNetworks.Any(network => network.Contains(address));

    /// <summary>
    /// RFC 5280 section 4.2.1.10:
    /// <code>
    /// NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }
    /// GeneralSubtree  ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0, maximum [1] INTEGER OPTIONAL }
    /// GeneralName     ::= CHOICE { ..., dNSName [2] IA5String, ..., iPAddress [7] OCTET STRING (address, then mask), ... }
    /// </code>
    /// </summary>
    public X509Extension ToExtension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        {
            foreach (var name in names)
            {
                using (writer.PushSequence())
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
                }
            }

            foreach (var network in PrivateNetworks)
            {
                using (writer.PushSequence())
                {
                    writer.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. Mask(network)], IPAddressName);
                }
            }
        }

        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    /// <summary>Reads what <see cref="ToExtension"/> wrote; an authority without it permits no name.</summary>
    public static NameConstraints Read(X509Certificate2 authority)
    {
        var names = new List<string>();
        if (authority.Extensions[Oid] is { } extension)
        {
            var permitted = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence(Permitted);
            while (permitted.HasData)
            {
                var subtree = permitted.ReadSequence();
                if (subtree.PeekTag().HasSameClassAndValue(DnsName))
                {
                    names.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
                }
            }
        }

        return new NameConstraints(names);
    }

    private static bool IsBelow(string name, string domain) => name == domain || name.EndsWith("." + domain, StringComparison.Ordinal);

    private static byte[] Mask(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return mask;
    }
}
