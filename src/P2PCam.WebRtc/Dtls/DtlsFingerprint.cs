using System.Security.Cryptography;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// <c>a=fingerprint:sha-256 AB:CD:...</c>: a hash of the certificate's DER form (RFC 8122 section 5). SHA-256, -384 and -512 count;
/// weaker ones never match.
/// </summary>
internal sealed record DtlsFingerprint(string Algorithm, string Value)
{
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        Span<byte> actual = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        var length = Hash(certificate, actual);
        return length > 0
            && TryParse(Value, expected[..length])
            && CryptographicOperations.FixedTimeEquals(actual[..length], expected[..length]);
    }

    /// <summary>Upper-case pairs of hex digits with colons between them.</summary>
    public static string Format(ReadOnlySpan<byte> hash)
    {
        Span<char> text = stackalloc char[(hash.Length * 3) - 1];
        text.Fill(':');
        for (var i = 0; i < hash.Length; i++)
        {
            hash[i].TryFormat(text[(i * 3)..], out _, "X2", null);
        }

        return new string(text);
    }

    private int Hash(ReadOnlySpan<byte> certificate, Span<byte> destination)
    {
        if (Algorithm.Equals("sha-256", StringComparison.OrdinalIgnoreCase))
        {
            return SHA256.HashData(certificate, destination);
        }

        if (Algorithm.Equals("sha-384", StringComparison.OrdinalIgnoreCase))
        {
            return SHA384.HashData(certificate, destination);
        }

        return Algorithm.Equals("sha-512", StringComparison.OrdinalIgnoreCase) ? SHA512.HashData(certificate, destination) : 0;
    }

    private static bool TryParse(ReadOnlySpan<char> text, Span<byte> hash)
    {
        if (text.Length != (hash.Length * 3) - 1)
        {
            return false;
        }

        for (var i = 0; i < hash.Length; i++)
        {
            var at = i * 3;
            if (!char.IsAsciiHexDigit(text[at]) || !char.IsAsciiHexDigit(text[at + 1]) || (i > 0 && text[at - 1] != ':'))
            {
                return false;
            }

            hash[i] = byte.Parse(text.Slice(at, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null);
        }

        return true;
    }
}
