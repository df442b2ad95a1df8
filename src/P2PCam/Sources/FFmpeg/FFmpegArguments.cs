using System.Globalization;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// The whole command line: input, scaling to a known size, raw I420 on standard output. The size is asked for rather than found out, so
/// that frames can be cut from the stream without a header; the picture keeps its shape, with black borders, whatever the shape of its pixels was. BT.601, limited
/// range.
/// </summary>
internal static class FFmpegArguments
{
    public static IReadOnlyList<string> Build(FFmpegInput input, FFmpegAttempt attempt, FFmpegSourceOptions options)
    {
        var (first, last) = input.NeedsPacing ? Paced(Text(options.FrameRate)) : Live(Text(options.FrameRate), attempt.IsInterlaced);
        return
        [
            .. FFmpegWords.Arguments,
            .. options.InputArguments,
            .. input.ArgumentsOf(attempt),
            "-an", "-sn", "-dn", "-vf", $"{first},{Fit(options.Width, options.Height)},{last}",
            .. input.NeedsPacing ? (ReadOnlySpan<string>)[] : ["-r", Text(options.FrameRate)],
            "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1",
        ];
    }

    // "dar" is the shape of the whole picture as it is to be seen, pixels included. FFmpeg draws borders of I420 in even sizes only; around an odd picture they are
    // drawn before its colours lose half their resolution, which costs a little more.
    private static string Fit(int width, int height)
    {
        var isEven = width % 2 == 0 && height % 2 == 0;
        string Scaled(string side) => isEven ? $"max(2,2*round({side}/2))" : $"max(1,round({side}))";
        var (shape, format) = ($"{width}/{height}", isEven ? "yuv420p" : "yuv444p");
        return $"scale=w='if(gte(dar,{shape}),{width},{Scaled($"{height}*dar")})':h='if(gt(dar,{shape}),{Scaled($"{width}/dar")},{height})'"
            + $":out_range=tv:out_color_matrix=bt601,setsar=1,format={format},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,format=yuv420p";
    }

    // What needs pacing gets it behind the change of rate ("realtime"), not in front of it ("-re"): a file of 10 frames a second brought to 25
    // would come in bursts of two or three every 100 ms.
    private static (string First, string Last) Paced(string rate) => ($"yadif=deint=interlaced,fps={rate}", "realtime");

    // A live picture goes out when it comes: to fill up to a rate means to wait for the next picture, a second where there is one a second. What comes above the
    // rate is left out: ld(0) is when the next picture is due, anew when times jump back. Then the pictures are counted through, so that FFmpeg neither doubles nor
    // drops any by itself. Fields are made into pictures only where there are some, since that waits for the next picture, too.
    private static (string First, string Last) Live(string rate, bool isInterlaced)
    {
        var onTime = $"if(gte(t,ld(0)-0.5/{rate}),1+0*st(0,max(ld(0)+1/{rate},t)),0)";
        var select = $"select='if(isnan(t),1,if(lt(t,ld(0)-1),1+0*st(0,t),{onTime}))'";
        return (isInterlaced ? $"yadif=deint=interlaced,{select}" : select, $"setpts=N/{rate}/TB");
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
