namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Quantizer and filter level of up to four kinds of macroblock (RFC 6386 sections 9.3 and 10). Lasts until changed or a key frame.</summary>
internal sealed class Segmentation
{
    public const int Count = 4;

    private readonly int[] _quantizers = new int[Count];
    private readonly int[] _filterLevels = new int[Count];
    private readonly byte[] _treeProbabilities = new byte[3];
    private bool _isAbsolute;

    public bool IsEnabled { get; private set; }

    /// <summary>Each macroblock of this frame says which segment it is in; else that is as before.</summary>
    public bool UpdatesMap { get; private set; }

    public void Reset()
    {
        (IsEnabled, UpdatesMap, _isAbsolute) = (false, false, false);
        Array.Clear(_quantizers);
        Array.Clear(_filterLevels);
    }

    // enabled 1; where set: update map 1, update data 1
    //   data: absolute 1, then for each segment 1 + 7 bits and sign (quantizer), then 1 + 6 bits and sign (filter level)
    //   map: for each of 3 tree nodes 1 + 8 bits of probability, 255 where not sent
    public void Read(ref BoolDecoder header)
    {
        IsEnabled = header.ReadFlag();
        UpdatesMap = false;
        if (!IsEnabled)
        {
            return;
        }

        UpdatesMap = header.ReadFlag();
        if (header.ReadFlag())
        {
            _isAbsolute = header.ReadFlag();
            ReadValues(ref header, _quantizers, 7);
            ReadValues(ref header, _filterLevels, 6);
        }

        for (var i = 0; UpdatesMap && i < _treeProbabilities.Length; i++)
        {
            _treeProbabilities[i] = (byte)(header.ReadFlag() ? header.ReadLiteral(8) : 255);
        }
    }

    /// <summary>A macroblock's segment.</summary>
    public byte ReadSegment(ref BoolDecoder modes) => (byte)(modes.Read(_treeProbabilities[0])
        ? (modes.Read(_treeProbabilities[2]) ? 3 : 2)
        : (modes.Read(_treeProbabilities[1]) ? 1 : 0));

    public int QuantizerOf(int segment, int frameIndex) => Choose(_quantizers[segment], frameIndex, Common.QuantizerTables.MaxIndex);

    public int FilterLevelOf(int segment, int frameLevel) => Choose(_filterLevels[segment], frameLevel, Common.LoopFilterLimits.MaxLevel);

    private int Choose(int value, int frameValue, int max) => !IsEnabled ? frameValue : Math.Clamp(_isAbsolute ? value : frameValue + value, 0, max);

    private static void ReadValues(ref BoolDecoder header, int[] values, int bits)
    {
        for (var i = 0; i < Count; i++)
        {
            values[i] = header.ReadOptionalSigned(bits);
        }
    }
}
