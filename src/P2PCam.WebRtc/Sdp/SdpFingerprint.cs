using System.Security.Cryptography;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// a=fingerprint (RFC 8122 section 5): the hash of a certificate, which ties the DTLS handshake to the signaling.
/// </summary>
internal sealed class SdpFingerprint : IEquatable<SdpFingerprint>
{
    private readonly byte[] _hash;

    private SdpFingerprint(string algorithm, byte[] hash)
    {
        Algorithm = algorithm;
        _hash = hash;
    }

    /// <summary>The hash function's name in lower case, such as sha-256.</summary>
    public string Algorithm { get; }

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Wraps the SHA-256 of a certificate in DER.</summary>
    public static SdpFingerprint FromSha256(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32, nameof(hash));
        return new SdpFingerprint("sha-256", hash.ToArray());
    }

    /// <summary>Reads <c>sha-256 AB:CD:…</c>, in either case.</summary>
    /// <returns>False when the text is no list of bytes, or not as long as the hash function gives.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SdpFingerprint? fingerprint)
    {
        fingerprint = null;
        var algorithm = SdpText.TakeWord(ref text).ToString().ToLowerInvariant();
        var hex = SdpText.TakeWord(ref text);
        var length = LengthOf(algorithm) ?? (hex.Length + 1) / 3;
        if (algorithm.Length == 0 || length is 0 or > 64 || !text.IsWhiteSpace() || hex.Length != (3 * length) - 1)
        {
            return false;
        }

        var hash = new byte[length];
        for (var i = 0; i < length; i++)
        {
            var high = HexDigit(hex[3 * i]);
            var low = HexDigit(hex[(3 * i) + 1]);
            if (high < 0 || low < 0 || (i > 0 && hex[(3 * i) - 1] != ':'))
            {
                return false;
            }

            hash[i] = (byte)((high << 4) | low);
        }

        fingerprint = new SdpFingerprint(algorithm, hash);
        return true;
    }

    /// <summary>Whether this is the hash of a certificate in DER. A hash function that proves nothing any more matches none.</summary>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        Span<byte> hash = stackalloc byte[64];
        var length = Algorithm switch
        {
            "sha-256" => SHA256.HashData(certificate, hash),
            "sha-384" => SHA384.HashData(certificate, hash),
            "sha-512" => SHA512.HashData(certificate, hash),
            _ => 0,
        };
        return length > 0 && CryptographicOperations.FixedTimeEquals(hash[..length], _hash);
    }

    public bool Equals(SdpFingerprint? other) => other is not null && Algorithm == other.Algorithm && Hash.SequenceEqual(other.Hash);

    public override bool Equals(object? obj) => Equals(obj as SdpFingerprint);

    public override int GetHashCode() => HashCode.Combine(Algorithm, _hash[0], _hash[^1]);

    public override string ToString() => $"{Algorithm} {BitConverter.ToString(_hash).Replace('-', ':')}";

    private static int? LengthOf(string algorithm) => algorithm switch
    {
        "sha-1" => 20,
        "sha-224" => 28,
        "sha-256" => 32,
        "sha-384" => 48,
        "sha-512" => 64,
        "md5" or "md2" => 16,
        _ => null,
    };

    private static int HexDigit(char c) => char.IsAsciiHexDigit(c) ? (c & 0x0F) + (c > '9' ? 9 : 0) : -1;
}
