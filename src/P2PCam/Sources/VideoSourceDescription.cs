namespace P2PCam;

/// <summary>What a video source is.</summary>
/// <param name="Id">Stable identifier, such as a device path.</param>
/// <param name="Name">What a person would call it.</param>
/// <param name="Width">Expected width in pixels, at most 16383; 0 when not known before it is opened.</param>
/// <param name="Height">Expected height in pixels, at most 16383; 0 when not known before it is opened.</param>
/// <param name="FrameRate">Expected frames per second, at most 240; 0 when not known before it is opened.</param>
/// <exception cref="ArgumentOutOfRangeException">A size or frame rate is none.</exception>
public sealed record VideoSourceDescription(string Id, string Name, int Width = 0, int Height = 0, double FrameRate = 0)
{
    /// <summary>Expected width in pixels; 0 when not known before it is opened.</summary>
    public int Width { get; init => field = CheckSide(nameof(Width), value); } = CheckSide(nameof(Width), Width);

    /// <summary>Expected height in pixels; 0 when not known before it is opened.</summary>
    public int Height { get; init => field = CheckSide(nameof(Height), value); } = CheckSide(nameof(Height), Height);

    /// <summary>Expected frames per second; 0 when not known before it is opened.</summary>
    public double FrameRate { get; init => field = CheckRate(value); } = CheckRate(FrameRate);

    private static int CheckSide(string name, int value) => (int)OptionRange.Checked(name, value, 0, FrameLayout.MaxDimension, "pixels");

    // A number that is none would make every picture fail in the encoder, for ever.
    private static double CheckRate(double value) => OptionRange.Checked(nameof(FrameRate), value, 0, VideoLimits.HighestFrameRate, "frames per second");
}
