using System.Globalization;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// The whole command line: input, scaling to a known size, raw I420 on standard output. The size is asked for rather than found out, so
/// that frames can be cut from the stream without a header; the picture keeps its shape, with black borders. BT.601, limited range.
/// What needs pacing gets it behind the change of rate ("realtime"), not in front of it ("-re"): a file of 10 frames a second brought to 25
/// would come in bursts of two or three every 100 ms.
/// </summary>
internal static class FFmpegArguments
{
    public static IReadOnlyList<string> Build(FFmpegInput input, int attempt, FFmpegSourceOptions options)
    {
        var (width, height) = (options.Width, options.Height);
        var filter = string.Create(
            CultureInfo.InvariantCulture,
            $"fps={options.FrameRate:0.###},"
            + $"scale={width}:{height}:force_original_aspect_ratio=decrease:out_range=tv:out_color_matrix=bt601,"
            + $"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p{(input.NeedsPacing ? ",realtime" : "")}");
        return
        [
            "-hide_banner", "-loglevel", "error", "-nostdin",
            .. input.Attempts[attempt],
            "-an", "-sn", "-dn", "-vf", filter, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1",
        ];
    }
}
