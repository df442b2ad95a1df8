using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Predicts how many bits frames of a kind take at a quantizer: what modes took last, and coefficients in inverse proportion to a power of the
/// quantizer step. The power is learned too: it grows where most of a picture is below the step. Frames that are far off count only when a second one
/// confirms them: a scene cut or a repeated picture is no trend.
/// </summary>
internal sealed class SizeModel
{
    // On real footage at usual quantizers the power is near the least of these.
    private const double LeastPower = 1.2;
    private const double MostPower = 2.2;
    private const double PowerLearning = 0.1;
    private const double Learning = 0.35;
    private const double Outlier = 2;

    // A change of step too small to tell anything about the power.
    private const double SmallChange = 0.04;

    private double _power = LeastPower;
    private double _step = 1;
    private double _tokenBits;
    private double _modeBits;
    private double _lastObserved;
    private bool _suspect;

    public bool IsKnown { get; private set; }

    public static double StepOf(int quantizer) => QuantizerTables.LumaAc(quantizer);

    /// <summary>A guess to begin with.</summary>
    public void Assume(double bitsAtStepOne) => _tokenBits = bitsAtStepOne;

    /// <summary>The quantizer step at which a frame should take so many bits.</summary>
    public double StepFor(double bits) => _step * StepGrowth(_tokenBits / Math.Max(bits - _modeBits, bits * 0.2));

    /// <summary>How much the step must grow for a frame to shrink by a factor.</summary>
    public double StepGrowth(double factor) => Math.Pow(factor, 1 / _power);

    public void Learn(int quantizer, long modeBits, long tokenBits)
    {
        var step = StepOf(quantizer);
        var observed = (double)Math.Max(tokenBits, 64);
        var predicted = _tokenBits * Math.Pow(_step / step, _power);
        var isOutlier = IsKnown && (observed > predicted * Outlier || observed < predicted / Outlier);
        if (isOutlier && !_suspect)
        {
            _suspect = true;
            return;
        }

        LearnPower(step, observed);
        var share = !IsKnown || isOutlier ? 1 : Learning;
        (_step, _tokenBits) = (step, predicted + ((observed - predicted) * share));
        _modeBits += (modeBits - _modeBits) * share;
        (IsKnown, _suspect) = (true, false);
    }

    /// <summary>Takes over to another picture size.</summary>
    public void Scale(double factor) => (_tokenBits, _modeBits, _lastObserved) = (_tokenBits * factor, _modeBits * factor, _lastObserved * factor);

    private void LearnPower(double step, double observed)
    {
        var change = Math.Log(step / _step);
        if (_lastObserved > 0 && Math.Abs(change) > SmallChange)
        {
            var power = Math.Clamp(-Math.Log(observed / _lastObserved) / change, LeastPower, MostPower);
            _power += (power - _power) * PowerLearning;
        }

        _lastObserved = observed;
    }
}
