using System.Buffers.Binary;

namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// What SRTCP adds to the first RTCP header of a compound packet (RFC 3711 section 3.4).
/// <code>
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  |V=2|P|   RC    |      PT       |             length            |  in the clear
///  |                         SSRC of sender                        |
///  :                        encrypted portion                      :
///  |E|                        SRTCP index                          |  before the tag (CM), behind it (GCM)
/// </code>
/// </summary>
internal static class SrtcpPacket
{
    public const int HeaderLength = 8;

    /// <summary>Associated data of the AEAD profiles: the clear header and the word with E flag and index (RFC 7714 section 9.2).</summary>
    public const int AssociatedLength = HeaderLength + SrtpProfiles.RtcpIndexLength;

    private const uint EncryptedFlag = 0x8000_0000;

    public static void WriteTrailer(Span<byte> trailer, uint index) =>
        BinaryPrimitives.WriteUInt32BigEndian(trailer, index | EncryptedFlag);

    public static bool TryReadTrailer(ReadOnlySpan<byte> trailer, out uint index)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(trailer);
        index = word & ~EncryptedFlag;
        return (word & EncryptedFlag) != 0;
    }

    public static void GatherAssociated(Span<byte> associated, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> trailer)
    {
        packet[..HeaderLength].CopyTo(associated);
        trailer[..SrtpProfiles.RtcpIndexLength].CopyTo(associated[HeaderLength..]);
    }
}
