using System.Buffers.Binary;

namespace VideoTool.Containers;

/// <summary>Writes VP8 as IVF; see <see cref="IvfReader"/> for the layout. Times count frames.</summary>
internal sealed class IvfWriter : IFrameWriter
{
    private const int FramesOffset = 24;

    private readonly Stream _stream;
    private uint _count;

    public IvfWriter(Stream stream, int width, int height, Rational frameRate)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[32];
        header.Clear();
        "DKIF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)header.Length);
        "VP80"u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[12..], (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(header[14..], (ushort)height);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)frameRate.Numerator);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], (uint)frameRate.Denominator);
        _stream.Write(header);
    }

    public void Write(ReadOnlySpan<byte> data, long number, bool isKeyFrame)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[4..], number);
        _stream.Write(header);
        _stream.Write(data);
        _count++;
    }

    public void Finish()
    {
        if (_stream.CanSeek)
        {
            Span<byte> count = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(count, _count);
            var end = _stream.Position;
            _stream.Position = FramesOffset;
            _stream.Write(count);
            _stream.Position = end;
        }

        _stream.Flush();
    }

    public void Dispose() => _stream.Dispose();
}
