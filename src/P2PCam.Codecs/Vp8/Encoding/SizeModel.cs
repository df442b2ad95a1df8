using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Predicts how many bits frames of a kind take at a quantizer: what modes took last, and coefficients in proportion to a power of the
/// quantizer step. Frames that are far off count only when a second one confirms them: a scene cut or a repeated picture is no trend.
/// </summary>
internal sealed class SizeModel
{
    // Measured between neighbouring quantizers on real footage.
    private const double Exponent = 1.2;
    private const double Learning = 0.35;
    private const double Outlier = 2;

    private double _modeBits;
    private bool _suspect;

    public bool IsKnown { get; private set; }

    /// <summary>Coefficient bits times step to the exponent.</summary>
    public double Complexity { get; private set; }

    public static double StepOf(int quantizer) => QuantizerTables.LumaAc(quantizer);

    /// <summary>A guess to begin with.</summary>
    public void Assume(double bitsAtStepOne) => Complexity = bitsAtStepOne;

    /// <summary>The quantizer step at which a frame should take so many bits.</summary>
    public double StepFor(double bits) => Math.Pow(Complexity / Math.Max(bits - _modeBits, bits * 0.2), 1 / Exponent);

    /// <summary>How much the step must grow for a frame to shrink by a factor.</summary>
    public static double StepGrowth(double factor) => Math.Pow(factor, 1 / Exponent);

    public void Learn(int quantizer, long modeBits, long tokenBits)
    {
        var observed = Math.Max(tokenBits, 64) * Math.Pow(StepOf(quantizer), Exponent);
        var ratio = observed / Complexity;
        var isOutlier = IsKnown && ratio is > Outlier or < 1 / Outlier;
        if (isOutlier && !_suspect)
        {
            _suspect = true;
            return;
        }

        var share = !IsKnown || isOutlier ? 1 : Learning;
        Complexity += (observed - Complexity) * share;
        _modeBits += (modeBits - _modeBits) * share;
        (IsKnown, _suspect) = (true, false);
    }

    /// <summary>Takes over to another picture size.</summary>
    public void Scale(double factor) => (Complexity, _modeBits) = (Complexity * factor, _modeBits * factor);
}
