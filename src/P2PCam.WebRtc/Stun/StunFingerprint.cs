namespace P2PCam.WebRtc.Stun;

/// <summary>
/// FINGERPRINT (RFC 8489 section 14.7): CRC-32 (ISO 3309, reflected polynomial 0xEDB88320) over everything before the attribute, XORed with
/// 0x5354554E. The header's length already counts the attribute.
/// </summary>
internal static class StunFingerprint
{
    public const int Size = 4;

    private const uint Mask = 0x5354554E;
    private static readonly uint[] Table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> before)
    {
        var crc = uint.MaxValue;
        foreach (var b in before)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc ^ Mask;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
