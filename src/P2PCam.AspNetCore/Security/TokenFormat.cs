using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace P2PCam.AspNetCore;

/// <summary>What a token grants. The id tells tokens apart.</summary>
internal sealed record TokenGrant(string Stream, SignalingRole Role, DateTimeOffset ExpiresAt, byte[] Id);

/// <summary>Tokens as text: <c>p2pcam_</c>, so that scanners for leaked secrets can know them, and base64url (RFC 4648 section 5) of</summary>
/// <code>
///  byte  0        1      2             10          18             18 + n (1 to 64)
///       +--------+------+-------------+-----------+--------------+----------------------+
///       | version| role | expiry      | id        | stream name  | HMAC-SHA256          |
///       | 1      |      | Unix s, BE  | 64 random | ASCII        | 32 bytes (RFC 2104)  |
///       +--------+------+-------------+-----------+--------------+----------------------+
/// </code>
/// <remarks>The HMAC is over a label of this purpose and everything in front of it, so that no other use of the key can yield a token.</remarks>
internal static class TokenFormat
{
    public const string Prefix = "p2pcam_";
    public const int IdBytes = 8;
    private const byte Version = 1;
    private const int HeaderBytes = 10 + IdBytes;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int MaxNameBytes = 64;
    private const int MaxBytes = HeaderBytes + MaxNameBytes + MacBytes;
    private static readonly int MaxText = Base64Url.GetEncodedLength(MaxBytes);

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static ReadOnlySpan<byte> Label => "P2PCam token 1\0"u8;

    public static string Write(TokenGrant grant, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Version;
        bytes[1] = (byte)grant.Role;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], grant.ExpiresAt.ToUnixTimeSeconds());
        grant.Id.CopyTo(bytes[10..]);
        var length = HeaderBytes + Encoding.ASCII.GetBytes(grant.Stream, bytes[HeaderBytes..]);
        Sign(bytes[..length], key, bytes[length..]);
        return Prefix + Base64Url.EncodeToString(bytes[..(length + MacBytes)]);
    }

    /// <summary>Reads a token that one of the keys signed.</summary>
    public static bool TryRead(string token, byte[][] keys, [NotNullWhen(true)] out TokenGrant? grant)
    {
        grant = null;
        // The decoder would skip blanks and padding; a token has one spelling.
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)
            || token.Length > Prefix.Length + MaxText
            || token.AsSpan(Prefix.Length).ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes + 3];
        if (Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length), bytes, out var read, out var length) != OperationStatus.Done
            || read != token.Length - Prefix.Length
            || length is <= HeaderBytes + MacBytes or > MaxBytes)
        {
            return false;
        }

        var content = bytes[..(length - MacBytes)];
        if (content[0] != Version || !IsSigned(content, bytes[content.Length..length], keys))
        {
            return false;
        }

        grant = new TokenGrant(
            Encoding.ASCII.GetString(content[HeaderBytes..]),
            (SignalingRole)content[1],
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(content[2..])),
            content[10..HeaderBytes].ToArray());
        return true;
    }

    // Every key is tried, and each comparison takes the same time whatever is equal.
    private static bool IsSigned(ReadOnlySpan<byte> content, ReadOnlySpan<byte> mac, byte[][] keys)
    {
        Span<byte> expected = stackalloc byte[MacBytes];
        var isSigned = false;
        foreach (var key in keys)
        {
            Sign(content, key, expected);
            isSigned |= CryptographicOperations.FixedTimeEquals(expected, mac);
        }

        return isSigned;
    }

    private static void Sign(ReadOnlySpan<byte> content, byte[] key, Span<byte> mac)
    {
        Span<byte> signed = stackalloc byte[Label.Length + HeaderBytes + MaxNameBytes];
        Label.CopyTo(signed);
        content.CopyTo(signed[Label.Length..]);
        HMACSHA256.HashData(key, signed[..(Label.Length + content.Length)], mac);
    }
}
