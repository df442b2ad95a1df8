namespace P2PCam.WebRtc.Rtcp;

/// <summary>What became of a packet, in two bits.</summary>
internal enum StatusSymbol
{
    NotReceived = 0,

    /// <summary>A delta of one unsigned byte follows.</summary>
    SmallDelta = 1,

    /// <summary>A delta of two bytes, signed, follows.</summary>
    LargeDelta = 2,

    /// <summary>Never sent; read as not received.</summary>
    Reserved = 3,
}

/// <summary>
/// Statuses of some packets in a row (draft-holmer-rmcat-transport-wide-cc-extensions-01 sections 3.1.3 and 3.1.4).
/// <code>
/// |0| S (2) |      run length (13)        |   one symbol, repeated
/// |1|0| 14 symbols of 1 bit               |   received with a small delta, or not
/// |1|1|  7 symbols of 2 bits              |
/// </code>
/// </summary>
internal readonly record struct StatusChunk(ushort Bits)
{
    public const int OneBitCount = 14;
    public const int TwoBitCount = 7;
    public const int MaxRun = 0x1FFF;

    private const ushort VectorBit = 0x8000;
    private const ushort TwoBitBit = 0x4000;

    /// <summary>How many packets it speaks of; a run of 0 is legal and speaks of none.</summary>
    public int Count => (Bits & VectorBit) == 0 ? Bits & MaxRun : (Bits & TwoBitBit) == 0 ? OneBitCount : TwoBitCount;

    public StatusSymbol this[int index] => (Bits & VectorBit) == 0
        ? (StatusSymbol)((Bits >> 13) & 3)
        : (Bits & TwoBitBit) == 0
            ? (StatusSymbol)((Bits >> (OneBitCount - 1 - index)) & 1)
            : (StatusSymbol)((Bits >> (2 * (TwoBitCount - 1 - index))) & 3);

    public static StatusChunk Run(StatusSymbol symbol, int count) => new((ushort)(((int)symbol << 13) | count));

    public static StatusChunk OneBit(ReadOnlySpan<StatusSymbol> symbols)
    {
        var bits = (int)VectorBit;
        for (var i = 0; i < symbols.Length; i++)
        {
            bits |= (int)symbols[i] << (OneBitCount - 1 - i);
        }

        return new((ushort)bits);
    }

    public static StatusChunk TwoBit(ReadOnlySpan<StatusSymbol> symbols)
    {
        var bits = VectorBit | TwoBitBit;
        for (var i = 0; i < symbols.Length; i++)
        {
            bits |= (int)symbols[i] << (2 * (TwoBitCount - 1 - i));
        }

        return new((ushort)bits);
    }

    /// <summary>Bytes of deltas that the first <paramref name="count"/> symbols announce.</summary>
    public int MeasureDeltas(int count)
    {
        if ((Bits & VectorBit) == 0)
        {
            return count * DeltaLength(this[0]);
        }

        var length = 0;
        for (var i = 0; i < count; i++)
        {
            length += DeltaLength(this[i]);
        }

        return length;
    }

    public static int DeltaLength(StatusSymbol symbol) => symbol switch
    {
        StatusSymbol.SmallDelta => 1,
        StatusSymbol.LargeDelta => 2,
        _ => 0,
    };
}
