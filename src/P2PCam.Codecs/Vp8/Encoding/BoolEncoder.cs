using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The boolean entropy encoder (RFC 6386 section 7): an interval narrows with each bit in proportion to its probability. Up to 63 bits
/// of its lower end are held back and leave four bytes at a time, carrying into bytes already written where need be.
/// </summary>
internal sealed class BoolEncoder(int initialCapacity)
{
    private byte[] _buffer = new byte[initialCapacity + 16];
    private int _length;
    private uint _range = 255;
    private ulong _low;

    // How many bits _low has below the eight that the range is compared with.
    private int _shifted;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Starts anew, keeping the memory.</summary>
    public void Reset() => (_length, _range, _low, _shifted) = (0, 255, 0, 0);

    /// <summary>Writes one bit that is 0 with probability <paramref name="probability"/>/256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(bool bit, int probability)
    {
        var split = 1 + (((_range - 1) * (uint)probability) >> 8);
        if (bit)
        {
            _low += split;
            split = _range - split;
        }

        // The range is kept in 128..255.
        var shift = BitOperations.LeadingZeroCount(split) - 24;
        _range = split << shift;
        _low <<= shift;
        _shifted += shift;
        if (_shifted >= 48)
        {
            Emit();
        }
    }

    /// <summary>Writes <paramref name="bits"/> bits, most significant first, each as likely 0 as 1.</summary>
    public void WriteLiteral(int value, int bits)
    {
        while (--bits >= 0)
        {
            Write(((value >> bits) & 1) != 0, 128);
        }
    }

    /// <summary>Writes a bit as likely 0 as 1.</summary>
    public void WriteFlag(bool value) => Write(value, 128);

    /// <summary>Writes a leaf of a tree whose node i has probability <paramref name="probabilities"/>[i/2].</summary>
    public void WriteTree(ReadOnlySpan<sbyte> tree, ReadOnlySpan<byte> probabilities, int leaf)
    {
        var (bits, count) = TreePath.Find(tree, leaf);
        for (var node = 0; count > 0;)
        {
            var bit = (bits >> --count) & 1;
            Write(bit != 0, probabilities[node >> 1]);
            node = tree[node + bit];
        }
    }

    /// <summary>Pushes out what is left; after this only <see cref="Reset"/> may follow.</summary>
    public void Finish()
    {
        var bits = _shifted + 8;
        var padding = -bits & 7;
        _low <<= padding;
        bits += padding;
        if (((_low >> bits) & 1) != 0)
        {
            Carry();
        }

        while (bits > 0)
        {
            bits -= 8;
            _buffer[_length++] = (byte)(_low >> bits);
        }

        // Strictly not needed, but FFmpeg gives up on a frame whose last macroblocks it decodes with all bytes already taken in.
        _buffer[_length++] = 0;
        _buffer[_length++] = 0;
    }

    private void Emit()
    {
        // Of the 8 + _shifted bits and the carry above them the top 32 leave.
        var keep = _shifted - 24;
        var top = _low >> keep;
        if ((top >> 32) != 0)
        {
            Carry();
        }

        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_length), (uint)top);
        _length += 4;
        _low &= (1UL << keep) - 1;
        _shifted -= 32;
        if (_length + 16 > _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Carry()
    {
        // A byte of 0xFF turns 0 and hands the carry on.
        for (var i = _length - 1; ++_buffer[i] == 0; i--)
        {
        }
    }
}
