using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>Bits of entropy-coded data from the top of each byte down, without the 00 after each FF (ITU-T T.81 F.2.2.5). At a marker or the end, zeros follow.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    // More bits than are ever waiting.
    private const int MuchMissing = 1 << 20;

    // A number further on may as well be one from before.
    private const int MostLost = 2;

    private readonly ReadOnlySpan<byte> _data = data;
    private ulong _bits;
    private int _count;

    // Bits at the low end that the data did not have.
    private int _missing;

    /// <summary>Where the bytes end that were taken in so far.</summary>
    public int Position { get; private set; }

    /// <summary>More was taken than there is.</summary>
    public readonly bool IsExhausted => _missing > _count;

    /// <summary>Makes 32 bits available: a code of 16 and a value of 15 at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (_count < 32)
        {
            Refill();
        }
    }

    /// <summary>The next bits, up to 16, which stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int count) => (int)(_bits >> (_count - count)) & ((1 << count) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count) => _count -= count;

    /// <summary>A value of so many bits, 1 to 15: one that starts with 0 is negative, from -(2^n - 1) on (F.2.2.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadValue(int count)
    {
        var value = Peek(count);
        _count -= count;
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>
    /// Goes past the next restart marker, and past what is left over before it: cameras fill up with zeros or ones. False where it is not
    /// the one that is
    /// expected nor one of the two behind it, or where another marker comes first, or none.
    /// </summary>
    /// <param name="number">The one that is expected.</param>
    /// <param name="lost">How many markers before it are missing, with the data between them.</param>
    public bool TryRestart(int number, out int lost)
    {
        lost = 0;
        for (var position = Position; position + 1 < _data.Length; position++)
        {
            if (_data[position] != 0xFF || _data[position + 1] is 0 or 0xFF)
            {
                continue;
            }

            lost = (_data[position + 1] - JpegMarker.Rst0 - number) & 7;
            if (_data[position + 1] is < JpegMarker.Rst0 or > JpegMarker.Rst7 || lost > MostLost)
            {
                return false;
            }

            Position = position + 2;
            (_bits, _count, _missing) = (0, 0, 0);
            return true;
        }

        _missing = MuchMissing;
        return false;
    }

    private void Refill()
    {
        if (Position + 4 <= _data.Length && _missing == 0)
        {
            var four = BinaryPrimitives.ReadUInt32BigEndian(_data[Position..]);

            // None of the bytes is FF: none of the complement's is zero.
            var inverse = ~four;
            if (((inverse - 0x01010101) & ~inverse & 0x80808080) == 0)
            {
                _bits = (_bits << 32) | four;
                _count += 32;
                Position += 4;
                return;
            }
        }

        while (_count <= 56)
        {
            RefillByte();
        }
    }

    private void RefillByte()
    {
        var value = 0;
        if (Position < _data.Length && (_data[Position] != 0xFF || (Position + 1 < _data.Length && _data[Position + 1] == 0)))
        {
            value = _data[Position];
            Position += value == 0xFF ? 2 : 1;
        }
        else
        {
            // Once zeros are given, data never follow: a marker is not passed.
            _missing = Math.Min(_missing + 8, MuchMissing);
        }

        _bits = (_bits << 8) | (uint)value;
        _count += 8;
    }
}
