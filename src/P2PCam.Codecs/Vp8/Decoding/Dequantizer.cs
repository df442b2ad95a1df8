using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>What levels are multiplied with, for one segment (RFC 6386 sections 9.6 and 14.1).</summary>
internal readonly record struct Dequantizer(int LumaDc, int LumaAc, int Y2Dc, int Y2Ac, int ChromaDc, int ChromaAc);

/// <summary>The quantizer indices of a frame and the dequantizers of its segments.</summary>
internal sealed class Dequantizers
{
    private readonly Dequantizer[] _segments = new Dequantizer[Segmentation.Count];

    /// <summary>What segments start from.</summary>
    public int BaseIndex { get; private set; }

    public ref readonly Dequantizer this[int segment] => ref _segments[segment];

    // index 7 | luma DC | Y2 DC | Y2 AC | chroma DC | chroma AC, 1 + 4 bits and sign each: how they differ from the index
    public void Read(ref BoolDecoder header, Segmentation segmentation)
    {
        var index = header.ReadLiteral(7);
        BaseIndex = index;
        var lumaDc = header.ReadOptionalSigned(4);
        var y2Dc = header.ReadOptionalSigned(4);
        var y2Ac = header.ReadOptionalSigned(4);
        var chromaDc = header.ReadOptionalSigned(4);
        var chromaAc = header.ReadOptionalSigned(4);
        for (var i = 0; i < _segments.Length; i++)
        {
            var q = segmentation.QuantizerOf(i, index);
            _segments[i] = new Dequantizer(
                QuantizerTables.LumaDc(Clamp(q + lumaDc)), QuantizerTables.LumaAc(q),
                QuantizerTables.Y2Dc(Clamp(q + y2Dc)), QuantizerTables.Y2Ac(Clamp(q + y2Ac)),
                QuantizerTables.ChromaDc(Clamp(q + chromaDc)), QuantizerTables.ChromaAc(Clamp(q + chromaAc)));
        }
    }

    private static int Clamp(int index) => Math.Clamp(index, 0, QuantizerTables.MaxIndex);
}
