using System.Buffers.Binary;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Stun;

/// <summary>The 96 random bits that tie a response to its request (RFC 8489 section 5).</summary>
internal readonly record struct StunTransactionId(ulong High, uint Low)
{
    public const int Size = 12;

    public static StunTransactionId Create(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        random.Fill(bytes);
        return Read(bytes);
    }

    public static StunTransactionId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source[8..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }
}
