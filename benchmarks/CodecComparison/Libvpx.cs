namespace CodecComparison;

/// <summary>libvpx through FFmpeg, one thread, in real-time mode.</summary>
internal static class Libvpx
{
    private const int DecodeRounds = 4;

    /// <summary>Encodes to <paramref name="output"/>; seconds of CPU time per frame.</summary>
    public static double Encode(string clip, string output, int kilobits, int frames) =>
        (FFmpeg.CpuSeconds(["-y", "-i", clip, .. EncoderArguments(kilobits), "-f", "ivf", output]) - Reading(clip)) / frames;

    /// <summary>As they are on the command line.</summary>
    public static string[] EncoderArguments(int kilobits) =>
    [
        "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-threads", "1", "-lag-in-frames", "0",
        "-b:v", $"{kilobits}k", "-minrate", $"{kilobits}k", "-maxrate", $"{kilobits}k", "-bufsize", $"{kilobits}k", "-qmin", "0", "-qmax", "63", "-g", "9999",
    ];

    /// <summary>Seconds of CPU time per frame of decoding a file that holds <paramref name="frames"/>.</summary>
    public static double Decode(string file, int frames)
    {
        string[] input = ["-stream_loop", $"{DecodeRounds - 1}", "-i", file];
        var decoding = FFmpeg.CpuSeconds(["-threads", "1", "-c:v", "libvpx", .. input, "-f", "null", "-"]);
        var reading = FFmpeg.CpuSeconds([.. input, "-c", "copy", "-f", "null", "-"]);
        return (decoding - reading) / (frames * DecodeRounds);
    }

    // The same without encoding.
    private static double Reading(string clip) => FFmpeg.CpuSeconds(["-i", clip, "-f", "null", "-"]);
}
