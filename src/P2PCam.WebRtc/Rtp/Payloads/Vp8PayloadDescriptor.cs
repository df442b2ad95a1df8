using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The descriptor in front of the VP8 data of each packet (RFC 7741 section 4.2).
/// <code>
///      0 1 2 3 4 5 6 7
///     +-+-+-+-+-+-+-+-+
///     |X|R|N|S|R| PID |   X: extended bits follow, N: non-reference frame, S: start of partition PID
///     +-+-+-+-+-+-+-+-+
///  X: |I|L|T|K|  RSV  |
///     +-+-+-+-+-+-+-+-+
///  I: |M| PictureID   |   7 bits, or 15 over two bytes with M
///     +-+-+-+-+-+-+-+-+
///     |   PictureID   |
///     +-+-+-+-+-+-+-+-+
///  L: |   TL0PICIDX   |
///     +-+-+-+-+-+-+-+-+
/// T/K:|TID|Y| KEYIDX  |
///     +-+-+-+-+-+-+-+-+
/// </code>
/// A field that is absent reads as -1 (or false).
/// </summary>
internal readonly record struct Vp8PayloadDescriptor
{
    public const int MaxLength = 6;

    private const byte ExtendedBit = 0x80;
    private const byte NonReferenceBit = 0x20;
    private const byte StartBit = 0x10;
    private const byte PictureIdBit = 0x80;
    private const byte Tl0PictureIndexBit = 0x40;
    private const byte TemporalIdBit = 0x20;
    private const byte KeyIndexBit = 0x10;
    private const byte LongPictureIdBit = 0x80;

    public Vp8PayloadDescriptor()
    {
    }

    public bool IsNonReference { get; init; }

    /// <summary>The packet starts the partition <see cref="PartitionIndex"/>; with index 0 it starts the frame.</summary>
    public bool IsPartitionStart { get; init; }

    public int PartitionIndex { get; init; }

    public int PictureId { get; init; } = -1;

    public bool HasLongPictureId { get; init; }

    public int Tl0PictureIndex { get; init; } = -1;

    public int TemporalId { get; init; } = -1;

    public bool IsLayerSync { get; init; }

    public int KeyIndex { get; init; } = -1;

    /// <summary>Bytes that the descriptor takes.</summary>
    public int Length { get; private init; }

    public bool IsFrameStart => IsPartitionStart && PartitionIndex == 0;

    /// <summary>Splits a payload into descriptor and VP8 data.</summary>
    /// <returns>False when the descriptor is cut off or nothing follows it.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8PayloadDescriptor descriptor, out ReadOnlySpan<byte> data)
    {
        descriptor = default;
        data = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        var first = payload[0];
        var extended = (first & ExtendedBit) != 0;
        if (extended && payload.Length < 2)
        {
            return false;
        }

        var flags = extended ? payload[1] : (byte)0;
        var at = extended ? 2 : 1;
        if (payload.Length <= MeasureFields(payload, flags, at))
        {
            return false;
        }

        var pictureId = ReadPictureId(payload, flags, ref at, out var isLong);
        var tl0 = (flags & Tl0PictureIndexBit) != 0 ? payload[at++] : -1;
        var layer = (flags & (TemporalIdBit | KeyIndexBit)) != 0 ? payload[at++] : -1;
        descriptor = new Vp8PayloadDescriptor
        {
            IsNonReference = (first & NonReferenceBit) != 0,
            IsPartitionStart = (first & StartBit) != 0,
            PartitionIndex = first & 0x07,
            PictureId = pictureId,
            HasLongPictureId = isLong,
            Tl0PictureIndex = tl0,
            TemporalId = (flags & TemporalIdBit) != 0 ? layer >> 6 : -1,
            IsLayerSync = (flags & TemporalIdBit) != 0 && (layer & 0x20) != 0,
            KeyIndex = (flags & KeyIndexBit) != 0 ? layer & 0x1F : -1,
            Length = at,
        };
        data = payload[at..];
        return true;
    }

    /// <summary>Writes the descriptor in its shortest form, with a 15-bit PictureID.</summary>
    /// <returns>The bytes written, at most <see cref="MaxLength"/>.</returns>
    public int Write(Span<byte> destination)
    {
        var hasLayer = TemporalId >= 0 || KeyIndex >= 0;
        var flags = (PictureId >= 0 ? PictureIdBit : 0) | (Tl0PictureIndex >= 0 ? Tl0PictureIndexBit : 0)
            | (TemporalId >= 0 ? TemporalIdBit : 0) | (KeyIndex >= 0 ? KeyIndexBit : 0);
        destination[0] = (byte)((flags != 0 ? ExtendedBit : 0) | (IsNonReference ? NonReferenceBit : 0)
            | (IsPartitionStart ? StartBit : 0) | (PartitionIndex & 0x07));
        var at = 1;
        if (flags != 0)
        {
            destination[at++] = (byte)flags;
        }

        if (PictureId >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)((LongPictureIdBit << 8) | (PictureId & 0x7FFF)));
            at += 2;
        }

        if (Tl0PictureIndex >= 0)
        {
            destination[at++] = (byte)Tl0PictureIndex;
        }

        if (hasLayer)
        {
            destination[at++] = (byte)((Math.Max(TemporalId, 0) << 6) | (IsLayerSync ? 0x20 : 0) | (Math.Max(KeyIndex, 0) & 0x1F));
        }

        return at;
    }

    private static int MeasureFields(ReadOnlySpan<byte> payload, byte flags, int at)
    {
        if ((flags & PictureIdBit) != 0)
        {
            at += at < payload.Length && (payload[at] & LongPictureIdBit) != 0 ? 2 : 1;
        }

        return at + ((flags & Tl0PictureIndexBit) != 0 ? 1 : 0) + ((flags & (TemporalIdBit | KeyIndexBit)) != 0 ? 1 : 0);
    }

    private static int ReadPictureId(ReadOnlySpan<byte> payload, byte flags, ref int at, out bool isLong)
    {
        isLong = false;
        if ((flags & PictureIdBit) == 0)
        {
            return -1;
        }

        isLong = (payload[at] & LongPictureIdBit) != 0;
        var value = isLong ? BinaryPrimitives.ReadUInt16BigEndian(payload[at..]) & 0x7FFF : payload[at];
        at += isLong ? 2 : 1;
        return value;
    }
}
