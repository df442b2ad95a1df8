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
        { Profile: not (66 or 77 or 100) } => $"is of profile {NameOf(set.Profile)}, where viewers play Constrained Baseline, Baseline, Main and High",
        { IsProgressive: false } => "is interlaced, which viewers do not play reliably",
        { ChromaFormat: not 1 } => "has another chroma format than 4:2:0, which viewers do not play",
        { BitDepth: not 8 } => $"has {set.BitDepth} bits a sample, where viewers play 8",
        _ => null,
    };

    private static string NameOf(byte profile) => profile switch
    {
        88 => "Extended",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4 Intra",
        83 or 86 => "Scalable",
        118 or 128 or 134 or 138 or 139 => "Multiview",
        _ => $"number {profile}",
    };
}
