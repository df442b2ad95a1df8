using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace P2PCam.WebRtc.Stun;

/// <summary>
/// MESSAGE-INTEGRITY (RFC 8489 section 14.5): HMAC-SHA1 over everything before the attribute, with the header's length counted as if
/// the message ended right behind it.
/// </summary>
internal static class StunIntegrity
{
    public const int Size = 20;
    public const int LongTermKeySize = 16;

    private const int AttributeSize = 4 + Size;
    private const int StackLimit = 1024;

    /// <summary>
    /// The short-term key: the password's bytes (RFC 8489 section 9.1.1). ICE passwords are ASCII, so no string preparation is due.
    /// </summary>
    public static byte[] ShortTermKey(string password) => Encoding.UTF8.GetBytes(password);

    /// <summary>
    /// The long-term key: MD5(username ":" realm ":" password), RFC 8489 section 9.2.2. Names are taken as they are; the OpaqueString
    /// profile of RFC 8265 changes nothing in what TURN servers hand out.
    /// </summary>
    public static byte[] LongTermKey(string username, string realm, string password)
    {
#pragma warning disable CA5351 // The RFC fixes the hash.
        return MD5.HashData(Encoding.UTF8.GetBytes($"{username}:{realm}:{password}"));
#pragma warning restore CA5351
    }

    public static bool Verify(ReadOnlySpan<byte> before, ReadOnlySpan<byte> code, ReadOnlySpan<byte> key)
    {
        byte[]? rented = null;
        var copy = before.Length <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(before.Length);
        copy = copy[..before.Length];
        before.CopyTo(copy);
        Span<byte> expected = stackalloc byte[Size];
        Compute(copy, key, expected);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return CryptographicOperations.FixedTimeEquals(expected, code);
    }

    /// <summary>Sets the length in <paramref name="before"/> as the code demands and leaves it so.</summary>
    public static void Compute(Span<byte> before, ReadOnlySpan<byte> key, Span<byte> code)
    {
        BinaryPrimitives.WriteUInt16BigEndian(before[2..], (ushort)(before.Length + AttributeSize - StunMessage.HeaderSize));
#pragma warning disable CA5350 // The RFC fixes the hash; HMAC does not lean on its collision resistance.
        HMACSHA1.HashData(key, before, code);
#pragma warning restore CA5350
    }
}
