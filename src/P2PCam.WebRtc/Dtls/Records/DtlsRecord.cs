using System.Buffers.Binary;

namespace P2PCam.WebRtc.Dtls.Records;

internal enum DtlsContentType : byte
{
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
}

/// <summary>
/// One record of a datagram (RFC 6347 section 4.1).
/// <code>
///   0      1          3        5                   11       13
///  +------+----------+--------+-------------------+--------+----------
///  | type |  version | epoch  |  sequence number  | length | fragment
///  +------+----------+--------+-------------------+--------+----------
/// </code>
/// </summary>
internal readonly ref struct DtlsRecord
{
    public const int HeaderLength = 13;
    public const ushort Dtls12 = 0xFEFD;
    private readonly ReadOnlySpan<byte> _bytes;

    private DtlsRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public DtlsContentType Type => (DtlsContentType)_bytes[0];

    public ushort Epoch => BinaryPrimitives.ReadUInt16BigEndian(_bytes[3..]);

    public ReadOnlySpan<byte> Fragment => _bytes[HeaderLength..];

    /// <summary>Header and fragment.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Takes the next record off a datagram; false at its end or where it stops making sense.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> datagram, out DtlsRecord record)
    {
        record = default;
        if (datagram.Length < HeaderLength || datagram[1] != 0xFE)
        {
            return false;
        }

        var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        if (length > datagram.Length)
        {
            return false;
        }

        record = new DtlsRecord(datagram[..length]);
        datagram = datagram[length..];
        return true;
    }

    /// <summary>Writes the header of an unencrypted (epoch 0) record.</summary>
    public static void WriteHeader(Span<byte> destination, DtlsContentType type, ulong sequenceNumber, int length)
    {
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], Dtls12);
        BinaryPrimitives.WriteUInt64BigEndian(destination[3..], sequenceNumber & 0xFFFF_FFFF_FFFF);
        BinaryPrimitives.WriteUInt16BigEndian(destination[11..], (ushort)length);
    }
}
