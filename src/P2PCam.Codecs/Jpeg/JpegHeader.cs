using System.Buffers;

namespace P2PCam.Codecs.Jpeg;

/// <summary>What stands around the scan of a baseline JPEG file (ITU-T T.81 annex B, T.871 section 10).</summary>
internal static class JpegHeader
{
    private const byte Sof0 = 0xC0;
    private const byte Dht = 0xC4;
    private const byte Sos = 0xDA;
    private const byte Dqt = 0xDB;
    private const byte App0 = 0xE0;

    public static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    // FF D8 | segments: FF marker, length 2 (with itself), payload | the scan follows
    //   APP0: "JFIF" 0, version 1.2, no unit, density 1 x 1, no thumbnail
    //   DQT, twice: table 1, 64 steps in zigzag order
    //   SOF0: 8 bits, height 2, width 2, three components: number, sampling 2x2 or 1x1, quantization table
    //   DHT, four times: class and table 1, 16 counts, symbols
    //   SOS: three components with their DC and AC tables, spectrum 0..63
    public static void Write(IBufferWriter<byte> output, int width, int height, QuantizationTable luma, QuantizationTable chroma)
    {
        output.Write((ReadOnlySpan<byte>)[0xFF, 0xD8]);
        Segment(output, App0, [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);
        Quantization(output, 0, luma);
        Quantization(output, 1, chroma);
        Segment(output, Sof0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        Huffman(output, 0x00, HuffmanTable.LumaDc);
        Huffman(output, 0x10, HuffmanTable.LumaAc);
        Huffman(output, 0x01, HuffmanTable.ChromaDc);
        Huffman(output, 0x11, HuffmanTable.ChromaAc);
        Segment(output, Sos, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    }

    public static void WriteEnd(IBufferWriter<byte> output) => output.Write((ReadOnlySpan<byte>)[0xFF, 0xD9]);

    private static void Quantization(IBufferWriter<byte> output, byte number, QuantizationTable table)
    {
        Span<byte> payload = stackalloc byte[65];
        payload[0] = number;
        for (var i = 0; i < 64; i++)
        {
            payload[i + 1] = table.Steps[ZigZag[i]];
        }

        Segment(output, Dqt, payload);
    }

    private static void Huffman(IBufferWriter<byte> output, byte kind, HuffmanTable table)
    {
        Span<byte> payload = stackalloc byte[17 + table.Symbols.Length];
        payload[0] = kind;
        table.Counts.CopyTo(payload[1..]);
        table.Symbols.CopyTo(payload[17..]);
        Segment(output, Dht, payload);
    }

    private static void Segment(IBufferWriter<byte> output, byte marker, ReadOnlySpan<byte> payload)
    {
        var length = payload.Length + 2;
        output.Write((ReadOnlySpan<byte>)[0xFF, marker, (byte)(length >> 8), (byte)length]);
        output.Write(payload);
    }
}
