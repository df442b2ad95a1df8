namespace P2PCam;

/// <summary>What is wrong with a source, whatever kind it is of.</summary>
internal static class SourceErrors
{
    public static VideoSourceException TooLarge(string name, int width, int height) => new(
        "P2P1030",
        $"The pictures of '{name}' are {width}x{height}; viewers take {VideoLimits.LargestSide}x{VideoLimits.LargestSide} at most. Scale them down before they are "
        + "handed over.");

    /// <summary>Checks what a source of pictures says of itself.</summary>
    /// <exception cref="VideoSourceException">P2P1030: it would yield what no viewer takes.</exception>
    public static void CheckSize(VideoSourceDescription description)
    {
        if (!VideoLimits.Fits(description.Width, description.Height))
        {
            throw TooLarge(description.Name, description.Width, description.Height);
        }
    }
}
