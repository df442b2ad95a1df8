namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>How the full range of a file becomes the range that a component's samples are kept in.</summary>
/// <param name="Scale">Steps of this range for one of full range.</param>
/// <param name="Level">What the middle of full range becomes, and a half for rounding.</param>
/// <param name="Least">The least sample, and a half.</param>
/// <param name="Most">The greatest, and a half.</param>
internal readonly record struct SampleRange(double Scale, float Level, float Least, float Most)
{
    /// <summary>Video's limited range.</summary>
    public static SampleRange Luma { get; } = new(219.0 / 255, (float)(16 + (128 * 219.0 / 255) + 0.5), 16.5f, 235.5f);

    public static SampleRange Chroma { get; } = new(224.0 / 255, 128.5f, 16.5f, 240.5f);

    /// <summary>As it is in the file, for red, green and blue.</summary>
    public static SampleRange Full { get; } = new(1, 128.5f, 0.5f, 255.5f);
}
