namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Bits of a NAL unit's payload, ITU-T H.264 section 7.2, without the bytes 03 that keep start codes out of it (section 7.4.1). Reading past the
/// end yields zeros and sets <see cref="IsExhausted"/>: the caller looks once, at the end.
/// </summary>
internal ref struct RbspReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;
    private int _position;
    private int _zeros;
    private int _current;
    private int _bitsLeft;

    public bool IsExhausted { get; private set; }

    public bool ReadFlag() => ReadBits(1) != 0;

    public uint ReadBits(int count)
    {
        var value = 0u;
        for (; count > 0; count--)
        {
            if (_bitsLeft == 0 && !TryLoad())
            {
                IsExhausted = true;
                return 0;
            }

            value = (value << 1) | (uint)((_current >> --_bitsLeft) & 1);
        }

        return value;
    }

    /// <summary>ue(v), section 9.1: as many zeros as bits follow the one.</summary>
    public uint ReadUnsigned()
    {
        var zeros = 0;
        while (!ReadFlag())
        {
            if (IsExhausted || ++zeros > 31)
            {
                IsExhausted = true;
                return 0;
            }
        }

        return (1u << zeros) - 1 + ReadBits(zeros);
    }

    /// <summary>se(v), section 9.1.1: 0, 1, -1, 2, -2, ...</summary>
    public int ReadSigned()
    {
        var code = ReadUnsigned();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }

    private bool TryLoad()
    {
        if (_zeros >= 2 && _position < _payload.Length && _payload[_position] == 3)
        {
            (_position, _zeros) = (_position + 1, 0);
        }

        if (_position >= _payload.Length)
        {
            return false;
        }

        _current = _payload[_position++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _bitsLeft = 8;
        return true;
    }
}
