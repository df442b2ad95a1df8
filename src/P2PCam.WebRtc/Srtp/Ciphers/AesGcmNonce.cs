using System.Buffers.Binary;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// The 96-bit nonces of RFC 7714 sections 8.1 and 9.1; each is XORed with the session salt.
/// <code>
///          0       2               6               10      12
///         +-------+---------------+---------------+-------+
///  SRTP   | 0 . 0 |     SSRC      |      ROC      |  SEQ  |
///         +-------+---------------+-------+-------+-------+
///  SRTCP  | 0 . 0 |     SSRC      | 0 . 0 |0| 31-bit index|
///         +-------+---------------+-------+---------------+
/// </code>
/// </summary>
internal static class AesGcmNonce
{
    public const int Length = 12;

    /// <summary>The index is the 48-bit one of SRTP or the 31-bit one of SRTCP: both end at the nonce's last byte.</summary>
    public static void Write(Span<byte> nonce, ReadOnlySpan<byte> salt, uint ssrc, long index)
    {
        var low = ((ulong)ssrc << 48) | (ulong)index;
        var saltHigh = BinaryPrimitives.ReadUInt32BigEndian(salt);
        var saltLow = BinaryPrimitives.ReadUInt64BigEndian(salt[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(nonce, saltHigh ^ (ssrc >> 16));
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], saltLow ^ low);
    }
}
