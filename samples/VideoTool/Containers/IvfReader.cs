using System.Buffers.Binary;
using System.Text;

namespace VideoTool.Containers;

/// <summary>
/// Reads IVF. File: "DKIF", version 2, header length 2, FourCC 4, width 2, height 2, ticks per second as a fraction 4 / 4, frames 4, unused 4;
/// then for each frame: length 4, time in ticks 8, data. All little-endian.
/// </summary>
internal sealed class IvfReader : IFrameReader
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 12;

    // No codec makes frames as large; a length beyond it is damage.
    private const int MaxFrame = 64 << 20;

    // Beyond this, ticks are a clock and no frame rate.
    private const int MaxFrameRate = 240;

    private readonly Stream _stream;
    private readonly double _ticksPerSecond;
    private byte[] _buffer = new byte[1 << 16];
    private long _count;

    public IvfReader(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[HeaderLength];
        if (!stream.TryFill(header) || !header.StartsWith("DKIF"u8))
        {
            throw new VideoFileException("This is no IVF file: it does not start with DKIF and 28 bytes more.");
        }

        var (rate, scale) = (BinaryPrimitives.ReadUInt32LittleEndian(header[16..]), BinaryPrimitives.ReadUInt32LittleEndian(header[20..]));
        if (rate is 0 or > int.MaxValue || scale is 0 or > int.MaxValue)
        {
            throw new VideoFileException($"The IVF header's clock of {rate}/{scale} ticks per second is none; 30/1 would be one.");
        }

        _ticksPerSecond = (double)rate / scale;
        for (var more = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) - HeaderLength; more > 0; more--)
        {
            stream.ReadByte();
        }

        var frames = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        Format = new VideoFormat(
            "IVF",
            Encoding.Latin1.GetString(header.Slice(8, 4)).Trim('\0', ' '),
            BinaryPrimitives.ReadUInt16LittleEndian(header[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[14..]),
            _ticksPerSecond <= MaxFrameRate ? new Rational((int)rate, (int)scale) : null,
            frames is 0 or uint.MaxValue ? null : frames);
    }

    public VideoFormat Format { get; }

    public bool TryRead(out CompressedFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[FrameHeaderLength];
        var got = _stream.ReadAtLeast(header, FrameHeaderLength, throwOnEndOfStream: false);
        if (got == 0)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (got < FrameHeaderLength || length > _stream.Remaining())
        {
            throw new VideoFileException($"The IVF file ends within frame {_count}: it is cut off or damaged.");
        }

        if (length > MaxFrame)
        {
            throw new VideoFileException($"Frame {_count} of the IVF file claims {length:N0} bytes, more than {MaxFrame:N0}: the file is damaged.");
        }

        if (_buffer.Length < length)
        {
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
        }

        var data = _buffer.AsMemory(0, (int)length);
        if (!_stream.TryFill(data.Span))
        {
            throw new VideoFileException($"The IVF file ends within frame {_count}: it is cut off.");
        }

        _count++;
        var seconds = BinaryPrimitives.ReadUInt64LittleEndian(header[4..]) / _ticksPerSecond;
        frame = new CompressedFrame(data, seconds < Times.MaxSeconds ? TimeSpan.FromSeconds(seconds) : Times.Max);
        return true;
    }

    public void Dispose() => _stream.Dispose();
}
