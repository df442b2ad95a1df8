namespace P2PCam;

/// <summary>What FFmpeg's H.264 encoder is to make.</summary>
public sealed class FFmpegEncoderOptions
{
    /// <summary>The program to run. Default <c>ffmpeg</c>, found by PATH.</summary>
    public string ExecutablePath { get; set; } = "ffmpeg";

    /// <summary>
    /// The encoders to try, by FFmpeg's names and in this order; of those that the library knows on this system: <c>h264_nvenc</c>, <c>h264_qsv</c>,
    /// <c>h264_vaapi</c> (Linux), <c>h264_mf</c> (Windows), <c>h264_videotoolbox</c> (macOS), <c>libx264</c>. Empty, the default: all of them, hardware first.
    /// </summary>
    public IList<string> Encoders { get; } = [];

    /// <summary>Bits per second to begin with, 50,000 to 100,000,000. Default 2,000,000.</summary>
    public int Bitrate { get; set; } = 2_000_000;

    /// <summary>The longest time from one key frame to the next, 1 to 3600 s; others come when viewers need them. Default 10 s.</summary>
    public TimeSpan KeyFrameInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the library's own VP8 encoder takes over where no H.264 encoder works. Default true.</summary>
    public bool FallBackToVp8 { get; set; } = true;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ExecutablePath);
        CheckBitrate(Bitrate);
        OptionRange.Check(nameof(KeyFrameInterval), KeyFrameInterval.TotalSeconds, 1, 3600, "s");
    }

    internal static void CheckBitrate(int value) => OptionRange.Check(nameof(Bitrate), value, 50_000, 100_000_000, "bits per second");
}
