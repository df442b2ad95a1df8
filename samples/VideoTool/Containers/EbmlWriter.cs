using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VideoTool.Containers;

/// <summary>Writes EBML elements; see <see cref="EbmlReader"/> for the layout.</summary>
internal sealed class EbmlWriter(Stream stream)
{
    /// <summary>An element of unknown size, and where its eight bytes of size are, to be written over later.</summary>
    public long StartUnknown(uint id)
    {
        WriteId(id);
        stream.Write([0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        return stream.Position - 8;
    }

    /// <summary>An element that holds others.</summary>
    public void WriteMaster(uint id, Action<EbmlWriter> writeContent)
    {
        using var content = new MemoryStream();
        writeContent(new EbmlWriter(content));
        Write(id, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    public void Write(uint id, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Write(id, bytes[Math.Min(7, BitOperations.LeadingZeroCount(value) / 8)..]);
    }

    public void Write(uint id, string text) => Write(id, Encoding.UTF8.GetBytes(text));

    public void Write(uint id, ReadOnlySpan<byte> data)
    {
        WriteId(id);
        WriteSize((ulong)data.Length);
        stream.Write(data);
    }

    private void WriteId(uint id)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        stream.Write(bytes[(BitOperations.LeadingZeroCount(id) / 8)..]);
    }

    private void WriteSize(ulong size)
    {
        // All ones would be "unknown".
        var length = 1;
        while (size >= (1UL << (7 * length)) - 1)
        {
            length++;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, size | (1UL << (7 * length)));
        stream.Write(bytes[(8 - length)..]);
    }
}
