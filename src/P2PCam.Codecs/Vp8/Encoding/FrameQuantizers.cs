using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>The quantizers of one frame and what else follows from its quantizer index.</summary>
internal sealed class FrameQuantizers
{
    // In 1/128 of a step, all measured. A key frame's quality lasts, so that its coefficients are worth more than those of later frames.
    private const int KeyRounding = 56;
    private const int KeyGate = 72;

    // What is predicted from the same place lasts too: errors below a step would stay for good. From the first of these indexes to the last its gates fall;
    // in finer steps they don't, since a camera's noise is about as large as those, and does not last.
    private const int FirstLasting = 24;
    private const int LastLasting = 48;

    // A Y2 coefficient below 28 alone changes no pixel, since the two inverse transforms round it away; with others it does, from about this one on.
    private const int SmallestY2 = 8;

    private Quantizer _luma;
    private Quantizer _y2;
    private Quantizer _chroma;
    private Quantizer _stillLuma;
    private Quantizer _stillChroma;

    public int Index { get; private set; } = -1;

    public ref readonly Quantizer Luma => ref _luma;

    public ref readonly Quantizer Y2 => ref _y2;

    public ref readonly Quantizer Chroma => ref _chroma;

    /// <summary>For luma that is predicted from the same place.</summary>
    public ref readonly Quantizer StillLuma => ref _stillLuma;

    /// <summary>For chroma that is predicted from the same place.</summary>
    public ref readonly Quantizer StillChroma => ref _stillChroma;

    /// <summary>What a bit is worth in sums of absolute differences, times 256 (so that a cost in 1/256 bit shifts by 16).</summary>
    public int SadPerBit { get; private set; }

    /// <summary>What a cost in 1/256 bit is worth as a sum of absolute differences.</summary>
    public int SadOf(int cost) => (int)(((long)cost * SadPerBit) >> 16);

    public void Set(int index, bool isKeyFrame)
    {
        Index = index;
        var (lumaDc, lumaAc, chromaDc, chromaAc) =
            (QuantizerTables.LumaDc(index), QuantizerTables.LumaAc(index), QuantizerTables.ChromaDc(index), QuantizerTables.ChromaAc(index));
        _luma = new Quantizer(lumaDc, lumaAc, isKeyFrame ? KeyRounding : 42, isKeyFrame ? KeyGate : 102);
        _y2 = new Quantizer(QuantizerTables.Y2Dc(index), QuantizerTables.Y2Ac(index), isKeyFrame ? KeyRounding : 40, isKeyFrame ? KeyGate : 112, SmallestY2);
        _chroma = new Quantizer(chromaDc, chromaAc, isKeyFrame ? KeyRounding : 40, isKeyFrame ? KeyGate : 106);
        _stillLuma = new Quantizer(lumaDc, lumaAc, 42, Lasting(index, 102, 90));
        _stillChroma = new Quantizer(chromaDc, chromaAc, Lasting(index, 40, 48), Lasting(index, 106, 80));

        // A coefficient step is twice the orthonormal one; measured on three clips, a bit is worth about 0.3 of the latter.
        SadPerBit = QuantizerTables.LumaAc(index) * 256 / 7;
    }

    private static int Lasting(int index, int fine, int coarse) =>
        fine + ((coarse - fine) * (Math.Clamp(index, FirstLasting, LastLasting) - FirstLasting) / (LastLasting - FirstLasting));
}
