using System.Buffers;
using System.Numerics;

namespace P2PCam.Codecs.Jpeg;

/// <summary>Writes the entropy-coded data of a 4:2:0 picture (ITU-T T.81 annex F.1): for each 16x16 pixels four luma blocks, one U, one V.</summary>
internal sealed class ScanWriter
{
    private const int EndOfBlock = 0x00;
    private const int SixteenZeros = 0xF0;

    // What the tables have a code for.
    private const int MaxValue = 1023;

    // From the limited range of video to the full range of JFIF, less 128.
    private static readonly float[] LumaLevels = Levels(value => Math.Clamp((value - 16) * 255f / 219, 0, 255) - 128);
    private static readonly float[] ChromaLevels = Levels(value => Math.Clamp((value - 128) * 255f / 224, -128, 127));

    private readonly BitWriter _bits = new();
    private readonly float[] _samples = new float[64];
    private readonly int[] _quantized = new int[64];

    // The DC of the block before, by component.
    private readonly int[] _lastDc = new int[3];

    public void Write(IBufferWriter<byte> output, VideoFrame picture, QuantizationTable luma, QuantizationTable chroma)
    {
        Array.Clear(_lastDc);
        var (chromaWidth, chromaHeight) = ((picture.Width + 1) / 2, (picture.Height + 1) / 2);
        for (var y = 0; y < picture.Height; y += 16)
        {
            for (var x = 0; x < picture.Width; x += 16)
            {
                for (var i = 0; i < 4; i++)
                {
                    Load(picture.GetPlane(0), picture.Width, picture.Height, x + ((i & 1) * 8), y + ((i >> 1) * 8), LumaLevels);
                    WriteBlock(0, luma, HuffmanTable.LumaDc, HuffmanTable.LumaAc);
                }

                for (var plane = 1; plane <= 2; plane++)
                {
                    Load(picture.GetPlane(plane), chromaWidth, chromaHeight, x / 2, y / 2, ChromaLevels);
                    WriteBlock(plane, chroma, HuffmanTable.ChromaDc, HuffmanTable.ChromaAc);
                }

                _bits.FlushFull(output);
            }
        }

        _bits.Finish(output);
    }

    private static float[] Levels(Func<int, float> level) => [.. Enumerable.Range(0, 256).Select(level)];

    // Beyond the right and the lower edge the last pixels repeat.
    private void Load(ReadOnlySpan<byte> plane, int width, int height, int x, int y, float[] levels)
    {
        for (var row = 0; row < 8; row++)
        {
            var line = plane.Slice(Math.Min(y + row, height - 1) * width, width);
            var samples = _samples.AsSpan(row * 8, 8);
            for (var column = 0; column < samples.Length; column++)
            {
                samples[column] = levels[line[Math.Min(x + column, width - 1)]];
            }
        }
    }

    private void WriteBlock(int component, QuantizationTable table, HuffmanTable dc, HuffmanTable ac)
    {
        ForwardDct.Transform(_samples);
        var zigZag = JpegHeader.ZigZag;
        var (quantized, last) = (_quantized, 0);
        for (var i = 0; i < quantized.Length; i++)
        {
            var place = zigZag[i];
            quantized[i] = Math.Clamp((int)MathF.Round(_samples[place] * table.Factors[place]), -MaxValue, MaxValue);
            last = quantized[i] != 0 ? i : last;
        }

        WriteValue(dc, 0, quantized[0] - _lastDc[component]);
        _lastDc[component] = quantized[0];
        var zeros = 0;
        for (var i = 1; i <= last; i++)
        {
            if (quantized[i] == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                WriteSymbol(ac, SixteenZeros);
            }

            WriteValue(ac, zeros, quantized[i]);
            zeros = 0;
        }

        if (last < 63)
        {
            WriteSymbol(ac, EndOfBlock);
        }
    }

    // The number of zeros before it and its own number of bits, then the bits; negative values less one.
    private void WriteValue(HuffmanTable table, int zeros, int value)
    {
        var size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        WriteSymbol(table, (zeros << 4) | size);
        _bits.Write((uint)(value < 0 ? value - 1 : value) & ((1u << size) - 1), size);
    }

    private void WriteSymbol(HuffmanTable table, int symbol)
    {
        var (code, length) = table[symbol];
        _bits.Write(code, length);
    }
}
