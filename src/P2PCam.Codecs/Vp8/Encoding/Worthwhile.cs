namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// From which error on another way to predict a macroblock is worth the work of looking at it. Errors are sums of absolute differences and go with the
/// quantizer's step: a camera's clean picture is coded in fine steps, and what a fixed allowance for noise lets pass there stays in view for good, or
/// moves along as a smear. The small fixed parts are a fraction of a grey level per pixel.
/// </summary>
internal static class Worthwhile
{
    // Of 16, how much of its distance from an even grey a macroblock's error may be for intra modes not to be looked at: what is as even as that comes out
    // clean by them, and the eye sees nothing as soon as dirt on an even wall or a white page.
    private const int EvenShare = 12;

    /// <summary>Vectors of the neighbours, and one that is searched for.</summary>
    public static bool Vectors(int error, int step) => error >= 160 + step;

    /// <summary>The second picture: one comparison.</summary>
    public static bool Second(int error, int step) => error >= step;

    /// <summary>Vectors for parts.</summary>
    public static bool Parts(int error, int step) => error > 64 + (step * 8);

    /// <summary>Whole intra modes; <paramref name="unevenness"/> is how far the source is from its own mean.</summary>
    public static bool Intra(int error, int unevenness) => error * 16 > unevenness * EvenShare;

    /// <summary>Whole intra modes, whatever the source is like.</summary>
    public static bool IntraAnyway(int error, int step) => error > 512 + (step * 12);

    /// <summary>Intra modes by subblock, the dearest.</summary>
    public static bool Subblocks(int error, int step) => error > 128 + (step * 8);
}
