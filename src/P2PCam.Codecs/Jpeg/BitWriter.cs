using System.Buffers;

namespace P2PCam.Codecs.Jpeg;

/// <summary>Bits from the top of each byte down; a byte FF is followed by 00 (ITU-T T.81 F.1.2.3).</summary>
internal sealed class BitWriter
{
    // Six blocks of 64 values take less than this, even if all of their bytes were FF.
    private const int Reserve = 4096;

    private readonly byte[] _buffer = new byte[2 * Reserve];
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Writes up to 16 bits.</summary>
    public void Write(uint bits, int count)
    {
        _bits = (_bits << count) | bits;
        for (_count += count; _count >= 8; _count -= 8)
        {
            var value = (byte)(_bits >> (_count - 8));
            _buffer[_length++] = value;
            if (value == 0xFF)
            {
                _buffer[_length++] = 0;
            }
        }
    }

    /// <summary>Hands on what there is once there is much; to be called at least once in six blocks.</summary>
    public void FlushFull(IBufferWriter<byte> output)
    {
        if (_length >= Reserve)
        {
            Flush(output);
        }
    }

    /// <summary>Fills the last byte with ones and hands on the rest.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        Write(0x7F, 7);
        (_bits, _count) = (0, 0);
        Flush(output);
    }

    private void Flush(IBufferWriter<byte> output)
    {
        output.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
