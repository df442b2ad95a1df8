using System.Buffers;
using System.Numerics;
using P2PCam.Codecs.Jpeg;

namespace P2PCam.Codecs.Tests.Jpeg;

/// <summary>Writes JPEG files that no encoder at hand writes: any sampling, restart markers, a scan for each component, tables left out.</summary>
internal sealed class TestJpeg
{
    private static readonly QuantizationTable Steps = QuantizationTable.Luma(92);

    private readonly BitWriter _bits = new();
    private readonly int[] _lastDc = new int[3];

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Blocks across and down of each component.</summary>
    public (int Across, int Down)[] Sampling { get; init; } = [(2, 2), (1, 1), (1, 1)];

    public int RestartInterval { get; init; }

    public bool HasScanForEach { get; init; }

    public bool HasHuffmanTables { get; init; } = true;

    private int MaxAcross => Sampling.Max(s => s.Across);

    private int MaxDown => Sampling.Max(s => s.Down);

    public byte[] Write()
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write((ReadOnlySpan<byte>)[0xFF, 0xD8]);
        Segment(file, 0xDB, [0, .. JpegHeader.ZigZag.ToArray().Select(place => Steps.Steps[place])]);
        Segment(file, 0xC0, [
            8, (byte)(Height >> 8), (byte)Height, (byte)(Width >> 8), (byte)Width, (byte)Sampling.Length,
            .. Sampling.SelectMany((s, i) => (byte[])[(byte)(i + 1), (byte)((s.Across << 4) | s.Down), 0]),
        ]);
        if (HasHuffmanTables)
        {
            Segment(file, 0xC4, [0x00, .. HuffmanTable.LumaDc.Counts, .. HuffmanTable.LumaDc.Symbols, 0x10, .. HuffmanTable.LumaAc.Counts, .. HuffmanTable.LumaAc.Symbols]);
        }

        if (RestartInterval > 0)
        {
            Segment(file, 0xDD, [(byte)(RestartInterval >> 8), (byte)RestartInterval]);
        }

        foreach (var components in HasScanForEach ? Enumerable.Range(0, Sampling.Length).Select(i => new[] { i }) : [[.. Enumerable.Range(0, Sampling.Length)]])
        {
            Segment(file, 0xDA, [(byte)components.Length, .. components.SelectMany(i => (byte[])[(byte)(i + 1), 0]), 0, 63, 0]);
            Scan(file, components);
        }

        file.Write((ReadOnlySpan<byte>)[0xFF, 0xD9]);
        return file.WrittenSpan.ToArray();
    }

    private void Scan(ArrayBufferWriter<byte> file, int[] components)
    {
        Array.Clear(_lastDc);
        var (written, units) = (0, components.Length == 1 ? Alone(components[0]) : Together(components));
        foreach (var blocks in units)
        {
            if (RestartInterval > 0 && written > 0 && written % RestartInterval == 0)
            {
                _bits.Finish(file);
                file.Write((ReadOnlySpan<byte>)[0xFF, (byte)(0xD0 + ((written / RestartInterval) - 1) % 8)]);
                Array.Clear(_lastDc);
            }

            foreach (var (component, x, y) in blocks)
            {
                Block(component, x, y);
            }

            _bits.FlushFull(file);
            written++;
        }

        _bits.Finish(file);
    }

    private IEnumerable<(int Component, int X, int Y)[]> Alone(int component)
    {
        var (across, down) = Sampling[component];
        var (width, height) = (((Width * across) + MaxAcross - 1) / MaxAcross, ((Height * down) + MaxDown - 1) / MaxDown);
        for (var y = 0; y < height; y += 8)
        {
            for (var x = 0; x < width; x += 8)
            {
                yield return [(component, x, y)];
            }
        }
    }

    private IEnumerable<(int Component, int X, int Y)[]> Together(int[] components)
    {
        for (var row = 0; row * 8 * MaxDown < Height; row++)
        {
            for (var column = 0; column * 8 * MaxAcross < Width; column++)
            {
                yield return
                [
                    .. from component in components
                       from y in Enumerable.Range(row * Sampling[component].Down, Sampling[component].Down)
                       from x in Enumerable.Range(column * Sampling[component].Across, Sampling[component].Across)
                       select (component, x * 8, y * 8),
                ];
            }
        }
    }

    // Waves, so that nothing is the same twice.
    private float Sample(int component, int x, int y)
    {
        var (u, v) = (x * MaxAcross / (float)Sampling[component].Across, y * MaxDown / (float)Sampling[component].Down);
        return (60 * MathF.Sin((u * 0.09f) + component)) + (45 * MathF.Cos((v * 0.13f) - (u * 0.02f)));
    }

    private void Block(int component, int x, int y)
    {
        var samples = new float[64];
        for (var i = 0; i < 64; i++)
        {
            samples[i] = Sample(component, x + (i % 8), y + (i / 8));
        }

        ForwardDct.Transform(samples);
        var levels = JpegHeader.ZigZag.ToArray().Select(place => (int)MathF.Round(samples[place] * Steps.Factors[place])).ToArray();
        Value(HuffmanTable.LumaDc, 0, levels[0] - _lastDc[component]);
        _lastDc[component] = levels[0];
        var (zeros, last) = (0, Array.FindLastIndex(levels, level => level != 0));
        for (var i = 1; i <= last; i++, zeros++)
        {
            if (levels[i] == 0)
            {
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                Symbol(HuffmanTable.LumaAc, 0xF0);
            }

            Value(HuffmanTable.LumaAc, zeros, levels[i]);
            zeros = -1;
        }

        if (last < 63)
        {
            Symbol(HuffmanTable.LumaAc, 0);
        }
    }

    private void Value(HuffmanTable table, int zeros, int value)
    {
        var size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        Symbol(table, (zeros << 4) | size);
        _bits.Write((uint)(value < 0 ? value - 1 : value) & ((1u << size) - 1), size);
    }

    private void Symbol(HuffmanTable table, int symbol)
    {
        var (code, length) = table[symbol];
        _bits.Write(code, length);
    }

    private static void Segment(ArrayBufferWriter<byte> file, byte marker, byte[] payload) =>
        file.Write((ReadOnlySpan<byte>)[0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload]);
}
