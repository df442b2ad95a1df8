namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>Writes made-up NAL units bit by bit, with the bytes that keep start codes out.</summary>
internal sealed class BitWriter
{
    private readonly List<bool> _bits = [];

    public BitWriter Bits(uint value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            _bits.Add(((value >> i) & 1) != 0);
        }

        return this;
    }

    public BitWriter Flag(bool value) => Bits(value ? 1u : 0, 1);

    public BitWriter Unsigned(uint value)
    {
        var length = 32 - int.LeadingZeroCount((int)(value + 1));
        return Bits(0, length - 1).Bits(value + 1, length);
    }

    public BitWriter Signed(int value) => Unsigned(value > 0 ? (uint)((2 * value) - 1) : (uint)(-2 * value));

    /// <summary>The NAL unit: its header byte, then the bits with the stop bit behind them.</summary>
    public byte[] ToUnit(byte header)
    {
        _bits.Add(true);
        var unit = new List<byte> { header };
        for (var i = 0; i < _bits.Count; i += 8)
        {
            var value = 0;
            for (var bit = i; bit < i + 8; bit++)
            {
                value = (value << 1) | (bit < _bits.Count && _bits[bit] ? 1 : 0);
            }

            if (value <= 3 && unit is [.., 0, 0])
            {
                unit.Add(3);
            }

            unit.Add((byte)value);
        }

        return [.. unit];
    }
}
