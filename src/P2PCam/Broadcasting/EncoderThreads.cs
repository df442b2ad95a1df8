using System.Numerics;

namespace P2PCam.Broadcasting;

/// <summary>How many threads compress a picture.</summary>
internal static class EncoderThreads
{
    private const int Most = 4;

    // Half of what one thread encodes on the machine of the reports: room for noise, motion and a slower processor.
    private const double PixelsPerThread = 1280 * 720 * 60;

    /// <summary>As many as keep up with this size and rate at ease, and as there are processors for.</summary>
    public static int For(int width, int height, double frameRate, int processors) =>
        (int)Math.Clamp(Math.Ceiling(width * (double)height * frameRate / PixelsPerThread), 1, Math.Clamp(processors, 1, Most));

    /// <summary>Token partitions with which so many threads have something to write: the power of two at or above, 8 at most.</summary>
    public static int Partitions(int threads) => (int)Math.Min(8, BitOperations.RoundUpToPowerOf2((uint)threads));
}
