namespace P2PCam;

/// <summary>What FFmpeg is to open and what it is to yield.</summary>
public sealed class FFmpegSourceOptions
{
    /// <summary>The program to run. Default <c>ffmpeg</c>, found by PATH.</summary>
    public string ExecutablePath { get; set; } = "ffmpeg";

    /// <summary>
    /// FFmpeg's arguments in front of its <c>-i</c>, for inputs that need some, such as <c>-f mpegts</c>. Each word is an element of its own.
    /// </summary>
    public IList<string> InputArguments { get; } = [];

    /// <summary>Width of the frames in pixels, 16 to 4096, odd ones too; pictures are scaled, with borders where shapes differ. Default 1280.</summary>
    public int Width { get; set; } = 1280;

    /// <summary>Height of the frames in pixels, 16 to 4096. Default 720.</summary>
    public int Height { get; set; } = 720;

    /// <summary>
    /// Frames per second, 0.1 to 240. A camera or stream that yields fewer is shown as it comes, one that yields more is thinned out. Default 30.
    /// </summary>
    public double FrameRate { get; set; } = 30;

    /// <summary>How long FFmpeg may yield nothing before it counts as failed, 1 to 300 s. Default 15 s.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ExecutablePath);
        VideoLimits.CheckSide(nameof(Width), Width);
        VideoLimits.CheckSide(nameof(Height), Height);
        VideoLimits.CheckFrameRate(nameof(FrameRate), FrameRate);
        OptionRange.Check(nameof(DataTimeout), DataTimeout.TotalSeconds, 1, 300, "s");
    }
}
