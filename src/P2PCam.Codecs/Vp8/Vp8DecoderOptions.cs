namespace P2PCam.Codecs.Vp8;

/// <summary>What a <see cref="Vp8Decoder"/> accepts. Memory is bounded by it: six bytes per pixel of the largest picture at most, and a border of 32 pixels.</summary>
public sealed record Vp8DecoderOptions
{
    /// <summary>The widest picture in pixels, 1..16383. 4096 unless set.</summary>
    public int MaxWidth { get; init; } = VideoLimits.LargestSide;

    /// <summary>The highest picture in pixels, 1..16383. 4096 unless set.</summary>
    public int MaxHeight { get; init; } = VideoLimits.LargestSide;

    internal void Validate()
    {
        FrameLayout.CheckLimit(MaxWidth, nameof(MaxWidth));
        FrameLayout.CheckLimit(MaxHeight, nameof(MaxHeight));
    }
}
