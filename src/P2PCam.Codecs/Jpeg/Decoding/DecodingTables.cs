namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>The tables of a picture (ITU-T T.81 B.2.4); those of the Huffman coder are annex K.3's until the picture brings its own.</summary>
internal sealed class DecodingTables
{
    private const int Count = 4;
    private const int LongestDcValue = 11;

    private readonly ushort[][] _steps = [new ushort[64], new ushort[64], new ushort[64], new ushort[64]];
    private readonly bool[] _hasSteps = new bool[Count];
    private readonly HuffmanDecoder[] _dc = [new(), new(), new(), new()];
    private readonly HuffmanDecoder[] _ac = [new(), new(), new(), new()];

    /// <summary>MCUs from one restart marker to the next; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>Forgets the picture before.</summary>
    public void Reset()
    {
        RestartInterval = 0;
        Array.Clear(_hasSteps);
        Set(_dc[0], HuffmanTable.LumaDc);
        Set(_dc[1], HuffmanTable.ChromaDc);
        Set(_ac[0], HuffmanTable.LumaAc);
        Set(_ac[1], HuffmanTable.ChromaAc);
        for (var i = 2; i < Count; i++)
        {
            _dc[i].Clear();
            _ac[i].Clear();
        }
    }

    /// <summary>Steps in zigzag order; null where the picture has no such table.</summary>
    public ushort[]? Steps(int number) => number < Count && _hasSteps[number] ? _steps[number] : null;

    /// <summary>Null where the picture has no such table.</summary>
    public HuffmanDecoder? Dc(int number) => number < Count && _dc[number].IsSet ? _dc[number] : null;

    /// <summary>Null where the picture has no such table.</summary>
    public HuffmanDecoder? Ac(int number) => number < Count && _ac[number].IsSet ? _ac[number] : null;

    // DQT: tables of: 16 bits per step or 8 4 | number 4 | 64 steps in zigzag order
    public Outcome ReadQuantization(ReadOnlySpan<byte> payload)
    {
        for (var any = false; !IsRemnant(payload, 65, any); any = true)
        {
            var (width, number) = (1 + (payload[0] >> 4), payload[0] & 15);
            if (width > 2 || number >= Count || payload.Length < 1 + (64 * width))
            {
                return Outcome.Corrupt("A quantization table (DQT) is cut off or has an impossible number.");
            }

            var steps = payload[1..];
            for (var i = 0; i < 64; i++)
            {
                _steps[number][i] = (ushort)(width == 1 ? steps[i] : (steps[2 * i] << 8) | steps[(2 * i) + 1]);
            }

            _hasSteps[number] = true;
            payload = payload[(1 + (64 * width))..];
        }

        return Outcome.Ok;
    }

    // DHT: tables of: AC or DC 4 | number 4 | number of codes of 1 to 16 bits 16 x 8 | their symbols
    public Outcome ReadHuffman(ReadOnlySpan<byte> payload)
    {
        for (var any = false; !IsRemnant(payload, 17, any); any = true)
        {
            var (kind, number) = (payload[0] >> 4, payload[0] & 15);
            if (kind > 1 || number >= Count || payload.Length < 17)
            {
                return Outcome.Corrupt("A Huffman table (DHT) is cut off or has an impossible number.");
            }

            var counts = payload.Slice(1, 16);
            var total = 0;
            foreach (var count in counts)
            {
                total += count;
            }

            if (total > 256 || payload.Length < 17 + total)
            {
                return Outcome.Corrupt("A Huffman table (DHT) has more symbols than it holds.");
            }

            var symbols = payload.Slice(17, total);
            if (kind == 0 && symbols.ContainsAnyExceptInRange((byte)0, (byte)LongestDcValue))
            {
                return Outcome.Corrupt("A Huffman table (DHT) for DC has values longer than 11 bits.");
            }

            if (!(kind == 0 ? _dc : _ac)[number].TrySet(counts, symbols))
            {
                return Outcome.Corrupt("A Huffman table (DHT) has more codes of a length than there are, or none at all.");
            }

            payload = payload[(17 + total)..];
        }

        return Outcome.Ok;
    }

    public Outcome ReadRestartInterval(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2)
        {
            return Outcome.Corrupt("The restart interval (DRI) is shorter than its two bytes.");
        }

        RestartInterval = (payload[0] << 8) | payload[1];
        return Outcome.Ok;
    }

    // Behind a table, what is less than another one is left over.
    private static bool IsRemnant(ReadOnlySpan<byte> payload, int leastTable, bool any) =>
        payload.IsEmpty || (any && payload.Length < leastTable);

    private static void Set(HuffmanDecoder decoder, HuffmanTable table) => decoder.TrySet(table.Counts, table.Symbols);
}
