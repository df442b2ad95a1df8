namespace P2PCam.Sources.FFmpeg;

/// <summary>How a file that is shown in a loop can be begun again.</summary>
internal static class LoopForm
{
    /// <summary>How soon a round may follow another one: a file of one frame must not start a program for each.</summary>
    public static readonly TimeSpan ShortestRound = TimeSpan.FromMilliseconds(500);

    // Compressed video without a container: there is nowhere to go back to in it, or its times do not go on.
    private static readonly HashSet<string> Raw =
        ["h264", "hevc", "vvc", "evc", "mpegvideo", "m4v", "h261", "h263", "vc1", "vc1test", "cavsvideo", "avs2", "avs3", "dirac", "obu", "av1", "rawvideo", "ingenient"];

    /// <summary>Whether FFmpeg cannot be left to begin it again by itself: raw video, and stills, which it would decode anew for each frame.</summary>
    /// <param name="format">FFmpeg's names for the format.</param>
    public static bool NeedsRounds(string? format) =>
        format is not null && format.Split(',').Any(name => Raw.Contains(name) || name.StartsWith("image2", StringComparison.Ordinal) || name.EndsWith("_pipe", StringComparison.Ordinal));
}
