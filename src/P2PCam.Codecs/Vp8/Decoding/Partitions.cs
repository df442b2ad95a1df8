using System.Runtime.InteropServices;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>A frame's partitions (RFC 6386 section 9.5), copied to where each has zeros behind it.</summary>
internal sealed unsafe class Partitions
{
    private const int Max = 8;

    private readonly BoolDecoder[] _tokens = new BoolDecoder[Max];
    private byte[] _memory = GC.AllocateUninitializedArray<byte>(1 << 14, pinned: true);
    private byte* _free;
    private BoolDecoder _first;

    /// <summary>Headers and modes.</summary>
    public ref BoolDecoder First => ref _first;

    /// <summary>Coefficients of one row of macroblocks, with 1, 2, 4 or 8 partitions in all.</summary>
    public ref BoolDecoder Tokens(int row, int count) => ref _tokens[row & (count - 1)];

    /// <summary>Takes the first partition, which lies in the frame as a whole.</summary>
    public void Begin(ReadOnlySpan<byte> frame, in FrameTag tag)
    {
        var needed = frame.Length + ((Max + 1) * BoolDecoder.Padding);
        if (_memory.Length < needed)
        {
            _memory = GC.AllocateUninitializedArray<byte>(Math.Max(needed, _memory.Length * 2), pinned: true);
        }

        _free = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _first = Add(frame.Slice(tag.Length, tag.FirstPartitionLength));
    }

    // After the first partition: the lengths of all token partitions but the last, 3 bytes each, little-endian; then the partitions.
    public Vp8DecodeResult ReadTokenPartitions(ReadOnlySpan<byte> frame, in FrameTag tag, int count)
    {
        var lengths = frame[(tag.Length + tag.FirstPartitionLength)..];
        if (lengths.Length < 3 * (count - 1))
        {
            return Vp8DecodeResult.Truncated;
        }

        var data = lengths[(3 * (count - 1))..];
        for (var i = 0; i < count; i++)
        {
            var length = i == count - 1 ? data.Length : lengths[3 * i] | (lengths[(3 * i) + 1] << 8) | (lengths[(3 * i) + 2] << 16);
            if (length > data.Length)
            {
                return Vp8DecodeResult.Truncated;
            }

            _tokens[i] = Add(data[..length]);
            data = data[length..];
        }

        return Vp8DecodeResult.Ok;
    }

    // All partitions together are no longer than the frame, so that they fit.
    private BoolDecoder Add(ReadOnlySpan<byte> data)
    {
        var start = _free;
        data.CopyTo(new Span<byte>(start, data.Length));
        new Span<byte>(start + data.Length, BoolDecoder.Padding).Clear();
        _free += data.Length + BoolDecoder.Padding;
        return new BoolDecoder(start, data.Length);
    }
}
