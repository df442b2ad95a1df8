namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What rate control knows of one temporal layer.</summary>
/// <param name="weight">Its share of the rate, by its share of the frames.</param>
internal sealed class LayerRate(double weight)
{
    /// <summary>Its share of the rate, by its share of the frames.</summary>
    public double Weight { get; } = weight;

    public SizeModel Model { get; } = new();

    /// <summary>The last frame's quantizer step; 0 where the next one is free to differ.</summary>
    public double LastStep { get; set; }

    /// <summary>Seconds since the last frame.</summary>
    public double Age { get; set; }

    /// <summary>The last frame took far less than it might.</summary>
    public bool WasSmall { get; set; }
}
