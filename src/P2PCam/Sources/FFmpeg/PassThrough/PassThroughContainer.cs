using System.Text.RegularExpressions;
using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Sources.FFmpeg.PassThrough;

/// <summary>How FFmpeg hands compressed frames over. It writes FLV of H.264 and IVF of VP8, and refuses the other way round.</summary>
internal sealed partial record PassThroughContainer(string Name, IReadOnlyList<string> Arguments, Func<Stream, IContainerReader> Open)
{
    public static readonly PassThroughContainer Flv =
        new("FLV", ["-f", "flv", "-flvflags", "no_duration_filesize"], static stream => new FlvReader(stream));

    public static readonly PassThroughContainer Ivf = new("IVF", ["-f", "ivf"], static stream => new IvfReader(stream));

    /// <summary>The whole command line; each frame is written out at once.</summary>
    public IReadOnlyList<string> Build(FFmpegInput input, FFmpegAttempt attempt, FFmpegEncodedSourceOptions options) =>
    [
        .. FFmpegWords.Arguments,
        .. options.InputArguments,
        .. input.ArgumentsOf(attempt),
        "-map", "0:v:0", "-c", "copy", .. Arguments, "-flush_packets", "1", "pipe:1",
    ];

    /// <summary>The codec that FFmpeg found and that it does not write into FLV, by FFmpeg's own words; null when they say no such thing.</summary>
    public static string? CodecRefusedBy(string words) => NotForFlv().Match(words) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether FFmpeg found frames that show in another order than they decode, without times for it: a raw stream with B-frames.</summary>
    public static bool IsOutOfOrderBy(string words) => words.Contains("Packet is missing PTS", StringComparison.Ordinal);

    [GeneratedRegex("codec '?([\\w.-]+)'?.* not (?:compatible with FLV|supported in the official FLV)", RegexOptions.IgnoreCase)]
    private static partial Regex NotForFlv();
}
