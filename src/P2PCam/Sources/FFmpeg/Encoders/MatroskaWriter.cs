using System.Buffers.Binary;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>
/// Raw pictures with a time each, as FFmpeg reads them: Matroska (RFC 9559) over EBML (RFC 8794), uncompressed I420, one cluster for each picture.
/// <code>
/// element: id | size, 8 bytes: 01 and 56 bits | content
/// file:    EBML { DocType "matroska" } | Segment of unknown size { Info { scale: ms } Tracks { track 1: V_UNCOMPRESSED, I420, size, duration } Cluster* }
/// cluster: Timestamp u64 | SimpleBlock { track 0x81 | relative time s16 | flags | the three planes }
/// </code>
/// </summary>
internal static class MatroskaWriter
{
    /// <summary>Bytes of a cluster in front of the picture.</summary>
    public const int ClusterHeader = 4 + SizeBytes + TimeElement + 1 + SizeBytes + BlockHeader;

    private const int SizeBytes = 8;
    private const int TimeElement = 1 + SizeBytes + 8;
    private const int BlockHeader = 4;
    private const ulong NanosecondsPerMillisecond = 1_000_000;
    private const double NanosecondsPerSecond = 1e9;

    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="frameRate">Pictures per second, over which an encoder spreads its bits; their own times it does not count with.</param>
    public static byte[] CreateHeader(int width, int height, double frameRate)
    {
        var ebml = Element(0x1A45DFA3, [
            .. Number(0x4286, 1), .. Number(0x42F7, 1), .. Number(0x42F2, 4), .. Number(0x42F3, 8),
            .. Element(0x4282, "matroska"u8), .. Number(0x4287, 4), .. Number(0x4285, 2)]);
        var info = Element(0x1549A966, Number(0x2AD7B1, NanosecondsPerMillisecond));
        var video = Element(0xE0, [.. Number(0xB0, (ulong)width), .. Number(0xBA, (ulong)height), .. Element(0x2EB524, "I420"u8)]);
        var track = Element(0xAE, [
            .. Number(0xD7, 1), .. Number(0x73C5, 1), .. Number(0x83, 1), .. Number(0x9C, 0), .. Element(0x86, "V_UNCOMPRESSED"u8),
            .. Number(0x23E383, (ulong)(NanosecondsPerSecond / frameRate)), .. video]);
        byte[] segment = [0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        return [.. ebml, .. segment, .. info, .. Element(0x1654AE6B, track)];
    }

    /// <summary>Writes <see cref="ClusterHeader"/> bytes, behind which the picture's planes follow.</summary>
    public static void WriteClusterHeader(Span<byte> output, long milliseconds, int pictureBytes)
    {
        var block = BlockHeader + pictureBytes;
        BinaryPrimitives.WriteUInt32BigEndian(output, 0x1F43B675);
        WriteSize(output[4..], TimeElement + 1 + SizeBytes + block);
        output = output[(4 + SizeBytes)..];
        output[0] = 0xE7;
        WriteSize(output[1..], 8);
        BinaryPrimitives.WriteInt64BigEndian(output[(1 + SizeBytes)..], milliseconds);
        output = output[TimeElement..];
        output[0] = 0xA3;
        WriteSize(output[1..], block);
        output = output[(1 + SizeBytes)..];
        (output[0], output[1], output[2], output[3]) = (0x81, 0, 0, 0x80);
    }

    private static void WriteSize(Span<byte> output, long size) => BinaryPrimitives.WriteInt64BigEndian(output, (1L << 56) | size);

    private static byte[] Number(uint id, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Element(uint id, ReadOnlySpan<byte> content)
    {
        Span<byte> name = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(name, id);
        Span<byte> size = stackalloc byte[SizeBytes];
        WriteSize(size, content.Length);
        return [.. name.TrimStart((byte)0), .. size, .. content];
    }
}
