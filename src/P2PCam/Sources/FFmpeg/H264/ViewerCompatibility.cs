using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.H264;

/// <summary>
/// What keeps H.264 from being played by WebRTC viewers. They decode in the order of arrival and show at once; browsers offer Constrained
/// Baseline, Baseline and Main, and the decoders behind them play progressive High as well (docs/decisions/0010).
/// </summary>
internal static class ViewerCompatibility
{
    public const string BidirectionalFrames =
        "has B-frames, which WebRTC viewers do not play (they would have to wait for later pictures before they show earlier ones)";

    /// <summary>Why not, as the end of a sentence that begins with "H.264 that"; null when nothing is known against it.</summary>
    public static string? ObstacleOf(SequenceParameterSet set) => set switch
    {
        _ when !H264Profiles.ArePlayed(set.Profile, set.Constraints) =>
            $"is of profile {H264Profiles.NameOf(set.Profile, set.Constraints)}, where viewers play {H264Profiles.Played}",
        { IsProgressive: false } => "is interlaced, which viewers do not play reliably",
        { ChromaFormat: not 1 } => "has another chroma format than 4:2:0, which viewers do not play",
        { BitDepth: not 8 } => $"has {set.BitDepth} bits a sample, where viewers play 8",
        _ => null,
    };
}
