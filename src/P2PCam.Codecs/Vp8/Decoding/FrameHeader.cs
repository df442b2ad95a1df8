using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>
/// The fields at the start of the first partition (RFC 6386 sections 9.2 to 9.11 and 19.2), and what of them lasts from frame to frame.
/// </summary>
internal sealed class FrameHeader
{
    private readonly FrameProbabilities _saved = new();

    public Segmentation Segmentation { get; } = new();

    public FilterLevels Filter { get; } = new();

    public Dequantizers Dequantizers { get; } = new();

    public FrameProbabilities Probabilities { get; } = new();

    public bool IsKeyFrame { get; private set; }

    /// <summary>1, 2, 4 or 8.</summary>
    public int TokenPartitions { get; private set; }

    public ReferenceUpdate References { get; private set; }

    /// <summary>Bit k is set where vectors into reference k count the other way (RFC 6386 section 9.7).</summary>
    public int SignBias { get; private set; }

    /// <summary>The probability that a macroblock has coefficients; null where macroblocks do not say so.</summary>
    public int? SkipProbability { get; private set; }

    public int IntraProbability { get; private set; }

    public int LastProbability { get; private set; }

    public int GoldenProbability { get; private set; }

    // Order of fields; those in brackets are in key frames only, those in braces in inter frames only:
    //   [colour space 1, clamping 1] segmentation, filter, log2 of token partitions 2, quantizer,
    //   {refresh golden 1, refresh altref 1, copy to golden 2 and altref 2 where not refreshed, sign biases 2},
    //   refresh probabilities 1, {refresh last 1}, coefficient probabilities, skip flags in use 1 and probability 8,
    //   {intra 8, last 8, golden 8, luma modes 1 + 4 * 8, chroma modes 1 + 3 * 8, vector probabilities}
    public void Read(ref BoolDecoder header, bool isKeyFrame)
    {
        IsKeyFrame = isKeyFrame;
        if (isKeyFrame)
        {
            Reset();

            // The colour space says nothing to a decoder. Pixels are clamped also where the stream promises that none needs it.
            header.ReadLiteral(2);
        }

        Segmentation.Read(ref header);
        Filter.Read(ref header);
        TokenPartitions = 1 << header.ReadLiteral(2);
        Dequantizers.Read(ref header, Segmentation);
        Filter.Prepare(Segmentation, isKeyFrame);
        ReadReferences(ref header);
        ReadCoefficientProbabilities(ref header);
        SkipProbability = header.ReadFlag() ? header.ReadLiteral(8) : null;
        if (!isKeyFrame)
        {
            ReadInterProbabilities(ref header);
        }
    }

    /// <summary>Takes back what the frame changed for itself only.</summary>
    public void EndFrame()
    {
        if (!References.KeepsProbabilities)
        {
            Probabilities.CopyFrom(_saved);
        }
    }

    private void Reset()
    {
        Probabilities.Reset();
        Segmentation.Reset();
        Filter.Reset();
        SignBias = 0;
    }

    private void ReadReferences(ref BoolDecoder header)
    {
        var update = ReferenceUpdate.All;
        if (!IsKeyFrame)
        {
            var (golden, altRef) = (header.ReadFlag(), header.ReadFlag());
            var copyToGolden = golden ? 0 : header.ReadLiteral(2);
            var copyToAltRef = altRef ? 0 : header.ReadLiteral(2);
            SignBias = (header.ReadFlag() ? 1 << (int)ReferenceKind.Golden : 0) | (header.ReadFlag() ? 1 << (int)ReferenceKind.AltRef : 0);
            update = new ReferenceUpdate(false, golden, altRef, copyToGolden, copyToAltRef, false);
        }

        update = update with { KeepsProbabilities = header.ReadFlag() };
        if (!update.KeepsProbabilities)
        {
            _saved.CopyFrom(Probabilities);
        }

        References = IsKeyFrame ? update : update with { Last = header.ReadFlag() };
    }

    private void ReadCoefficientProbabilities(ref BoolDecoder header)
    {
        var probabilities = Probabilities.Coefficients;
        var updates = CoefficientProbabilities.Update;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (header.Read(updates[i]))
            {
                probabilities[i] = (byte)header.ReadLiteral(8);
            }
        }
    }

    private void ReadInterProbabilities(ref BoolDecoder header)
    {
        IntraProbability = header.ReadLiteral(8);
        LastProbability = header.ReadLiteral(8);
        GoldenProbability = header.ReadLiteral(8);
        ReadModeProbabilities(ref header, Probabilities.LumaModes);
        ReadModeProbabilities(ref header, Probabilities.ChromaModes);
        var vectors = Probabilities.Vectors;
        var updates = MotionVectorProbabilities.Update;
        for (var i = 0; i < vectors.Length; i++)
        {
            if (header.Read(updates[i]))
            {
                var half = header.ReadLiteral(7);
                vectors[i] = (byte)(half == 0 ? 1 : half << 1);
            }
        }
    }

    private static void ReadModeProbabilities(ref BoolDecoder header, byte[] probabilities)
    {
        if (header.ReadFlag())
        {
            for (var i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] = (byte)header.ReadLiteral(8);
            }
        }
    }
}
