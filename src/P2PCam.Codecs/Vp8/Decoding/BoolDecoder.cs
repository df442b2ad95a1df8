using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>
/// The boolean entropy decoder (RFC 6386 section 7) over bytes that at least <see cref="Padding"/> zeros follow. Past the end it reads zeros.
/// A struct, so that hot loops may work on a copy in registers.
/// </summary>
internal unsafe struct BoolDecoder
{
    /// <summary>Zero bytes that must follow the data.</summary>
    public const int Padding = 8;

    // An encoder may end its partition short of what a decoder takes in; more than this is missing data.
    private const int SpareBits = 32;

    // The bits not decided yet, the next one second from the top, so that differences keep their sign; eight bits are compared with the split.
    private ulong _window;

    // Bits in the window behind those eight; negative when it must be filled.
    private int _count;
    private uint _range;

    // Runs on past the end, where it is not read from.
    private byte* _next;
    private readonly byte* _end;

    public BoolDecoder(byte* data, int length)
    {
        _next = data;
        _end = data + length;
        (_window, _count, _range) = (0, -8, 255);
    }

    /// <summary>More was read than the data has: it is cut off or not what it should be.</summary>
    public readonly bool IsExhausted => (_next - _end) * 8 > _count + 8 + SpareBits;

    /// <summary>One bit that is 0 with probability <paramref name="probability"/> / 256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(int probability) => ReadMask(probability) != 0;

    /// <summary>The value, or minus the value where the next bit says so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSign(int value)
    {
        var mask = ReadMask(128);
        return (value ^ mask) - mask;
    }

    public bool ReadFlag() => Read(128);

    /// <summary>An unsigned number, most significant bit first.</summary>
    public int ReadLiteral(int bits)
    {
        var value = 0;
        for (var i = 0; i < bits; i++)
        {
            value = (value << 1) | (Read(128) ? 1 : 0);
        }

        return value;
    }

    /// <summary>A magnitude, then its sign.</summary>
    public int ReadSigned(int bits)
    {
        var value = ReadLiteral(bits);
        return ReadSign(value);
    }

    /// <summary>A flag, and a signed number where it is set; else 0.</summary>
    public int ReadOptionalSigned(int bits) => ReadFlag() ? ReadSigned(bits) : 0;

    /// <summary>A leaf of one of <see cref="Common.Trees"/>.</summary>
    public int ReadTree(ReadOnlySpan<sbyte> tree, ReadOnlySpan<byte> probabilities)
    {
        var node = 0;
        do
        {
            node = tree[node + (Read(probabilities[node >> 1]) ? 1 : 0)];
        }
        while (node > 0);
        return -node;
    }

    // All ones where the bit is 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadMask(int probability)
    {
        if (_count < 0)
        {
            // Seven bytes always fit; a load at the end finds zeros.
            var bytes = BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(_next < _end ? _next : _end, sizeof(ulong)));
            _window |= (bytes >> 8) << (-1 - _count);
            _count += 56;
            _next += 7;
        }

        // Without a branch, so that only the caller's is ever mispredicted: all ones where the bit is 0.
        var split = 1 + (((_range - 1) * (uint)probability) >> 8);
        var bigSplit = (ulong)split << 55;
        var isZero = (ulong)((long)(_window - bigSplit) >> 63);
        _window -= bigSplit & ~isZero;
        _range = (_range - split) + (((2 * split) - _range) & (uint)isZero);
        var shift = BitOperations.LeadingZeroCount(_range) - 24;
        _range <<= shift;
        _window <<= shift;
        _count -= shift;
        return ~(int)isZero;
    }
}
