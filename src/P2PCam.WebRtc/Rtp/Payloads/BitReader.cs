namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>Reads bits from the most significant one on. Behind the end it reads zeros and says so.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>More was read than there is.</summary>
    public readonly bool IsOver => _position > 8 * _data.Length;

    public uint Read(int count)
    {
        var value = 0u;
        for (; count > 0; count--, _position++)
        {
            var bit = _position < 8 * _data.Length ? (_data[_position >> 3] >> (7 - (_position & 7))) & 1 : 0;
            value = (value << 1) | (uint)bit;
        }

        return value;
    }

    public bool ReadFlag() => Read(1) != 0;

    public void Skip(int count) => _position += count;
}
