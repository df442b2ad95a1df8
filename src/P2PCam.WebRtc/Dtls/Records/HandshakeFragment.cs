using System.Buffers.Binary;

namespace P2PCam.WebRtc.Dtls.Records;

internal enum HandshakeType : byte
{
    ClientHello = 1,
    NewSessionTicket = 4,
    ServerHelloDone = 14,
    CertificateVerify = 15,
    Finished = 20,
}

/// <summary>
/// A handshake message or a piece of one (RFC 6347 section 4.2.2).
/// <code>
///   0      1             4             6                 9                 12
///  +------+-------------+-------------+-----------------+-----------------+------
///  | type | length      | message_seq | fragment_offset | fragment_length | body
///  +------+-------------+-------------+-----------------+-----------------+------
/// </code>
/// </summary>
internal readonly ref struct HandshakeFragment
{
    public const int HeaderLength = 12;
    private readonly ReadOnlySpan<byte> _bytes;

    private HandshakeFragment(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public HandshakeType Type => (HandshakeType)_bytes[0];

    public int MessageLength => ReadUInt24(_bytes[1..]);

    public ushort MessageSequence => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    public int Offset => ReadUInt24(_bytes[6..]);

    public ReadOnlySpan<byte> Body => _bytes[HeaderLength..];

    /// <summary>Takes the next fragment off a record; false at its end or where a length goes beyond record or message.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> record, out HandshakeFragment fragment)
    {
        fragment = default;
        if (record.Length < HeaderLength)
        {
            return false;
        }

        var length = ReadUInt24(record[9..]);
        if (length > record.Length - HeaderLength || ReadUInt24(record[6..]) + length > ReadUInt24(record[1..]))
        {
            return false;
        }

        fragment = new HandshakeFragment(record[..(HeaderLength + length)]);
        record = record[(HeaderLength + length)..];
        return true;
    }

    public static void WriteHeader(Span<byte> destination, HandshakeType type, int messageLength, ushort sequence, int offset, int length)
    {
        WriteUInt24(destination[1..], messageLength);
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], sequence);
        WriteUInt24(destination[6..], offset);
        WriteUInt24(destination[9..], length);
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];

    private static void WriteUInt24(Span<byte> bytes, int value)
    {
        bytes[0] = (byte)(value >> 16);
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)value;
    }
}
