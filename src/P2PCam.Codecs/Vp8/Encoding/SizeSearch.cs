namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Looks for the step at which one frame takes what it may, by what it took at others.</summary>
internal sealed class SizeSearch
{
    // Bounds of the power by which a frame shrinks as the step grows, where two tries tell it.
    private const double LeastPower = 0.6;
    private const double MostPower = 2.2;

    private double _step;
    private double _bits;

    /// <summary>How often this frame was encoded so far.</summary>
    public int Tries { get; private set; }

    /// <summary>It was encoded and took too much.</summary>
    public bool WasTooLarge { get; private set; }

    /// <summary>Another frame.</summary>
    public void Begin() => (Tries, WasTooLarge) = (0, false);

    /// <summary>The frame took so many bits at a step: the step to try next.</summary>
    public double Next(SizeModel model, double step, double bits, double wanted)
    {
        var growth = model.StepGrowth(bits / wanted);
        if (Tries > 0 && step > _step && bits < _bits)
        {
            growth = Math.Pow(bits / wanted, 1 / Math.Clamp(Math.Log(_bits / bits) / Math.Log(step / _step), LeastPower, MostPower));
        }

        (_step, _bits) = (step, bits);
        Tries++;
        WasTooLarge |= bits > wanted;
        return step * growth;
    }
}
