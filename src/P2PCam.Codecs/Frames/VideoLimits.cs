using System.Globalization;

namespace P2PCam;

/// <summary>
/// What video may be on its whole way from a source to a viewer. Whoever states a wish is asked for these, and whatever comes in is held to them, so that no
/// part of the way takes what a later one cannot. A size may be odd. Video that is passed on compressed is as its encoder made it.
/// </summary>
public static class VideoLimits
{
    /// <summary>The smallest width or height that can be asked for, in pixels.</summary>
    public const int SmallestSide = 16;

    /// <summary>The largest width or height of a picture, in pixels: what the decoders of this library take unless told otherwise.</summary>
    public const int LargestSide = 4096;

    /// <summary>The lowest frame rate that can be asked for, in frames per second.</summary>
    public const double LowestFrameRate = 0.1;

    /// <summary>The highest frame rate, in frames per second.</summary>
    public const double HighestFrameRate = 240;

    /// <summary>Checks a wish for a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range, which the message names.</exception>
    internal static void CheckSide(string name, int value, int smallest = SmallestSide) => Check(name, value, smallest, LargestSide, "pixels");

    /// <summary>Checks a wish for a frame rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range, which the message names.</exception>
    internal static void CheckFrameRate(string name, double value) => Check(name, value, LowestFrameRate, HighestFrameRate, "frames per second");

    /// <summary>Whether viewers of this library take pictures of this size.</summary>
    internal static bool Fits(int width, int height) => width <= LargestSide && height <= LargestSide;

    private static void Check(string name, double value, double lowest, double highest, string unit)
    {
        if (!(value >= lowest && value <= highest))
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} takes {lowest} to {highest} {unit}."));
        }
    }
}
