using System.Buffers.Binary;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>Writes FLV as FFmpeg does.</summary>
internal sealed class FlvWriter
{
    private readonly MemoryStream _bytes = new();

    public FlvWriter() => _bytes.Write([0x46, 0x4C, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

    public Stream Stream => new MemoryStream(_bytes.ToArray());

    public byte[] Bytes => _bytes.ToArray();

    public FlvWriter Tag(byte type, uint time, params byte[] body)
    {
        Span<byte> header = stackalloc byte[11];
        BinaryPrimitives.WriteInt32BigEndian(header, body.Length);
        header[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], time << 8);
        header[7] = (byte)(time >> 24);
        header[8..].Clear();
        _bytes.Write(header);
        _bytes.Write(body);
        Span<byte> previous = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(previous, body.Length + 11);
        _bytes.Write(previous);
        return this;
    }

    public FlvWriter Configuration(byte[] sps, int lengthSize = 4) =>
        Tag(9, 0, [0x17, 0, 0, 0, 0, .. MadeUpH264.Configuration(sps, lengthSize)]);

    public FlvWriter Picture(uint time, int composition, params byte[][] units) =>
        Tag(9, time, [0x27, 1, (byte)(composition >> 16), (byte)(composition >> 8), (byte)composition, .. MadeUpH264.Lengths(units)]);

    public FlvWriter Key(uint time, int composition = 0) => Picture(time, composition, MadeUpH264.Slice(MadeUpH264.I, isIdr: true));

    public FlvWriter Inter(uint time, uint type = MadeUpH264.P, int composition = 0) => Picture(time, composition, MadeUpH264.Slice(type));
}
