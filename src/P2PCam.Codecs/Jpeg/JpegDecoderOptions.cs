namespace P2PCam.Codecs.Jpeg;

/// <summary>What a <see cref="JpegDecoder"/> accepts. Memory is bounded by it: three bytes per pixel of the largest picture at most, and the picture handed out.</summary>
public sealed record JpegDecoderOptions
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
