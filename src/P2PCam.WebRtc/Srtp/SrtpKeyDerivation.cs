using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp;

/// <summary>What a session key is for (RFC 3711 section 4.3.1 and 4.3.2).</summary>
internal enum SrtpKeyLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>
/// Session keys from master key and salt: AES in counter mode over zeros (RFC 3711 section 4.3.3; RFC 6188 for 256 bits), with a
/// key derivation rate of 0. The 96-bit salt of the AEAD profiles counts as padded with zeros on the right (RFC 7714 section 11).
/// <code>
///  byte  0                       7   8                  14   16
///       +--------------------------+---+------------------+----+
///  IV = | master salt, XOR label at byte 7, up to 14 byte | ctr|
///       +--------------------------+---+------------------+----+
/// </code>
/// </summary>
internal static class SrtpKeyDerivation
{
    private const int LabelOffset = 7;

    public static byte[] Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label, int length)
    {
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        masterSalt.CopyTo(counter);
        counter[LabelOffset] ^= (byte)label;

        var blocks = new byte[(length + 15) / 16 * 16];
        for (var block = 0; block * 16 < blocks.Length; block++)
        {
            counter[15] = (byte)block;
            counter.CopyTo(blocks.AsSpan(block * 16));
        }

        using var aes = Aes.Create();
        aes.SetKey(masterKey);
        aes.EncryptEcb(blocks, blocks, PaddingMode.None);
        var key = blocks.AsSpan(0, length).ToArray();
        CryptographicOperations.ZeroMemory(blocks);
        CryptographicOperations.ZeroMemory(counter);
        return key;
    }
}
