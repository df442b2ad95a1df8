namespace P2PCam.Codecs.Jpeg;

/// <summary>What a <see cref="JpegDecoder"/> accepts. Memory is bounded by it: three bytes per pixel of the largest picture at most, and the picture handed out.</summary>
public sealed record JpegDecoderOptions
{
    /// <summary>The widest picture in pixels, 1..16383. 4096 unless set.</summary>
    public int MaxWidth { get; init; } = 4096;

    /// <summary>The highest picture in pixels, 1..16383. 4096 unless set.</summary>
    public int MaxHeight { get; init; } = 4096;

    internal void Validate()
    {
        Check(MaxWidth, nameof(MaxWidth));
        Check(MaxHeight, nameof(MaxHeight));
    }

    private static void Check(int value, string name)
    {
        if (value is < 1 or > FrameLayout.MaxDimension)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 1 to {FrameLayout.MaxDimension}.");
        }
    }
}
