using System.Globalization;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>What one encoder is to make.</summary>
internal readonly record struct EncoderSettings(int Width, int Height, double FrameRate, int Bitrate, TimeSpan KeyFrameInterval);

/// <summary>
/// One of FFmpeg's H.264 encoders, told in its own words to make Constrained Baseline at once: no B-frames, nothing held back, a constant rate, an IDR
/// where a key frame is forced.
/// </summary>
/// <param name="Name">What FFmpeg calls it.</param>
/// <param name="Device">Arguments in front of the input.</param>
/// <param name="Filter">What brings pictures to where it takes them from; empty for memory.</param>
/// <param name="Arguments">Its own words.</param>
internal sealed record H264Encoder(string Name, IReadOnlyList<string> Device, string Filter, IReadOnlyList<string> Arguments)
{
    // H.264 here has even sizes only; a last odd row or column is left out.
    private const string EvenSize = "crop=trunc(iw/2)*2:trunc(ih/2)*2";

    private static readonly H264Encoder Nvidia = new(
        "h264_nvenc", [], "", ["-preset", "p4", "-tune", "ull", "-profile:v", "baseline", "-rc", "cbr", "-zerolatency", "1", "-delay", "0", "-forced-idr", "1"]);

    private static readonly H264Encoder QuickSync = new(
        "h264_qsv", [], ",format=nv12", ["-preset", "veryfast", "-profile:v", "baseline", "-async_depth", "1", "-forced_idr", "1"]);

    private static readonly H264Encoder VideoAcceleration = new(
        "h264_vaapi", ["-vaapi_device", "/dev/dri/renderD128"], ",format=nv12,hwupload", ["-profile:v", "constrained_baseline", "-rc_mode", "CBR", "-async_depth", "1"]);

    private static readonly H264Encoder VideoToolbox = new(
        "h264_videotoolbox", [], "", ["-profile:v", "baseline", "-realtime", "1", "-allow_sw", "0"]);

    private static readonly H264Encoder MediaFoundation = new(
        "h264_mf", [], ",format=nv12", ["-profile:v", "66", "-rate_control", "cbr", "-scenario", "display_remoting", "-hw_encoding", "1"]);

    private static readonly H264Encoder Software = new(
        "libx264", [], "", ["-preset", "veryfast", "-tune", "zerolatency", "-profile:v", "baseline", "-sc_threshold", "0", "-forced-idr", "1"]);

    /// <summary>Those that there may be on a system, hardware first.</summary>
    public static IReadOnlyList<H264Encoder> For(FFmpegPlatform platform) => platform switch
    {
        FFmpegPlatform.Windows => [Nvidia, QuickSync, MediaFoundation, Software],
        FFmpegPlatform.MacOS => [VideoToolbox, Software],
        _ => [Nvidia, QuickSync, VideoAcceleration, Software],
    };

    /// <summary>Those named, in their order; all where none is named.</summary>
    /// <exception cref="ArgumentException">A name is not among those of the system.</exception>
    public static IReadOnlyList<H264Encoder> Choose(IEnumerable<string> names, FFmpegPlatform platform)
    {
        var all = For(platform);
        var chosen = names.Select(name => all.FirstOrDefault(encoder => encoder.Name == name) ?? throw new ArgumentException(
            $"Encoders: '{name}' is none of those known here ({string.Join(", ", all.Select(encoder => encoder.Name))}).", nameof(names))).ToList();
        return chosen.Count > 0 ? chosen : all;
    }

    /// <summary>
    /// The whole command line: Matroska in, FLV out, times unchanged, a key frame at each odd millisecond. Short looks at the input, because its
    /// header says all.
    /// </summary>
    public IReadOnlyList<string> Build(EncoderSettings settings)
    {
        var rate = Text(settings.Bitrate);
        return
        [
            "-hide_banner", "-loglevel", "error", "-nostdin", .. Device,
            "-probesize", "32", "-analyzeduration", "0", "-f", "matroska", "-i", "pipe:0",
            "-map", "0:v:0", "-copyts", "-enc_time_base", "1:1000", "-vf", EvenSize + Filter,
            "-c:v", Name, .. Arguments, "-bf", "0", "-b:v", rate, "-maxrate", rate, "-bufsize", Text(settings.Bitrate / 2),
            "-g", Text((int)Math.Ceiling(settings.KeyFrameInterval.TotalSeconds * settings.FrameRate)),
            "-force_key_frames", "expr:mod(round(t*1000),2)",
            "-f", "flv", "-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1",
        ];
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
