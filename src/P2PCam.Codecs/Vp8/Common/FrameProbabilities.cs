namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The probabilities that frames adapt and that a frame may keep for the next or not (RFC 6386 section 9.11).</summary>
internal sealed class FrameProbabilities
{
    public byte[] Coefficients { get; } = new byte[CoefficientProbabilities.Count];

    public byte[] Vectors { get; } = new byte[2 * MotionVectorProbabilities.PerComponent];

    public byte[] LumaModes { get; } = new byte[4];

    public byte[] ChromaModes { get; } = new byte[3];

    /// <summary>What every key frame starts from.</summary>
    public void Reset()
    {
        CoefficientProbabilities.Default.CopyTo(Coefficients);
        MotionVectorProbabilities.Default.CopyTo(Vectors);
        ModeProbabilities.DefaultLuma.CopyTo(LumaModes);
        ModeProbabilities.DefaultChroma.CopyTo(ChromaModes);
    }

    public void CopyFrom(FrameProbabilities other)
    {
        other.Coefficients.CopyTo(Coefficients, 0);
        other.Vectors.CopyTo(Vectors, 0);
        other.LumaModes.CopyTo(LumaModes, 0);
        other.ChromaModes.CopyTo(ChromaModes, 0);
    }
}
