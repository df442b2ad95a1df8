using System.Runtime.CompilerServices;

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>Finds the symbol of a code (ITU-T T.81 annex C, F.2.2.3): short ones by one look into a table.</summary>
internal sealed class HuffmanDecoder
{
    private const int FastBits = 9;
    private const int MaxLength = 16;

    // By the next nine bits: length of the code and its symbol; 0 where it is longer.
    private readonly ushort[] _fast = new ushort[1 << FastBits];

    // By length: the first 16 bits that are too large for a code of it, and what leads from a code to the place of its symbol.
    private readonly int[] _limits = new int[MaxLength + 1];
    private readonly int[] _offsets = new int[MaxLength + 1];
    private readonly byte[] _counts = new byte[MaxLength];
    private readonly byte[] _symbols = new byte[256];
    private int _total;

    /// <summary>Whether there is a table.</summary>
    public bool IsSet { get; private set; }

    public void Clear() => IsSet = false;

    /// <summary>Takes a table as files have it: the number of codes of each length, and the symbols. False where there are more codes than can be.</summary>
    public bool TrySet(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        if (_total == symbols.Length && counts.SequenceEqual(_counts) && symbols.SequenceEqual(_symbols.AsSpan(0, _total)))
        {
            // The same as in the picture before, as cameras have it.
            return IsSet = _total > 0;
        }

        IsSet = false;
        _total = 0;
        Array.Clear(_fast);
        var (code, next) = (0, 0);
        for (var length = 1; length <= MaxLength; length++, code <<= 1)
        {
            var count = counts[length - 1];
            if (code + count > 1 << length)
            {
                return false;
            }

            _offsets[length] = next - code;
            for (var i = 0; i < count; i++, code++, next++)
            {
                if (length <= FastBits)
                {
                    _fast.AsSpan(code << (FastBits - length), 1 << (FastBits - length)).Fill((ushort)((length << 8) | symbols[next]));
                }
            }

            _limits[length] = code << (MaxLength - length);
        }

        counts.CopyTo(_counts);
        symbols.CopyTo(_symbols);
        _total = symbols.Length;
        return IsSet = _total > 0;
    }

    /// <summary>The next symbol; -1 where the bits are no code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref BitReader bits)
    {
        int entry = _fast[bits.Peek(FastBits)];
        if (entry == 0)
        {
            return ReadLong(ref bits);
        }

        bits.Skip(entry >> 8);
        return entry & 0xFF;
    }

    private int ReadLong(ref BitReader bits)
    {
        var next = bits.Peek(MaxLength);
        for (var length = FastBits + 1; length <= MaxLength; length++)
        {
            if (next < _limits[length])
            {
                bits.Skip(length);
                return _symbols[(next >> (MaxLength - length)) + _offsets[length]];
            }
        }

        return -1;
    }
}
