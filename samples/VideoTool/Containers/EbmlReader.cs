using System.Numerics;
using System.Text;

namespace VideoTool.Containers;

/// <summary>
/// Elements of an EBML file (RFC 8794) in the order in which they lie there: identifier | size | data. Both numbers begin with as many zero bits as they
/// have bytes more than one, and a one; identifiers keep it. All ones as a size are "unknown", as writers of live streams have it.
/// </summary>
internal sealed class EbmlReader(Stream stream) : IDisposable
{
    private const int LongestId = 4;
    private const int LongestNumber = 8;

    private long _end;

    public uint Id { get; private set; }

    /// <summary>Bytes of data; null for unknown.</summary>
    public long? Size { get; private set; }

    public long Position => stream.Position;

    /// <summary>Goes to the next element, past the data of the current one unless <see cref="Enter"/> was called; false at the end of the file.</summary>
    /// <exception cref="EndOfStreamException">The file ends within an element.</exception>
    /// <exception cref="InvalidDataException">What stands here is no element.</exception>
    public bool ReadNext()
    {
        if (_end >= stream.Length)
        {
            return _end == stream.Length ? false : throw new EndOfStreamException();
        }

        stream.Position = _end;
        Id = (uint)ReadNumber(LongestId, keepsMarker: true, out _);
        var size = ReadNumber(LongestNumber, keepsMarker: false, out var isUnknown);
        Size = isUnknown ? null : (long)size;
        _end = isUnknown ? stream.Position : stream.Position + (long)size;
        return true;
    }

    /// <summary>The next elements are those inside of this one.</summary>
    public void Enter() => _end = stream.Position;

    /// <summary>The data as an unsigned number.</summary>
    public ulong ReadUInt()
    {
        Span<byte> data = stackalloc byte[8];
        var number = 0UL;
        foreach (var value in Read(data))
        {
            number = (number << 8) | value;
        }

        return number;
    }

    /// <summary>The data as text, of up to 255 bytes.</summary>
    public string ReadText()
    {
        Span<byte> data = stackalloc byte[255];
        return Encoding.UTF8.GetString(Read(data)).TrimEnd('\0');
    }

    /// <summary>The data into a buffer, which must have room for it.</summary>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        if (Size is not { } size || size > buffer.Length)
        {
            throw new InvalidDataException();
        }

        var data = buffer[..(int)size];
        stream.ReadExactly(data);
        return data;
    }

    public void Dispose() => stream.Dispose();

    private ulong ReadNumber(int longest, bool keepsMarker, out bool isUnknown)
    {
        var first = ReadByte();
        var length = BitOperations.LeadingZeroCount((uint)first) - 23;
        if (length > longest)
        {
            throw new InvalidDataException();
        }

        var number = (ulong)first;
        for (var i = 1; i < length; i++)
        {
            number = (number << 8) | (byte)ReadByte();
        }

        var marker = 1UL << (7 * length);
        isUnknown = number == (2 * marker) - 1;
        return keepsMarker ? number : number - marker;
    }

    private int ReadByte() => stream.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException();
}
