namespace P2PCam;

/// <summary>What FFmpeg is to open and what it is to yield.</summary>
public sealed class FFmpegSourceOptions
{
    /// <summary>The program to run. Default <c>ffmpeg</c>, found by PATH.</summary>
    public string ExecutablePath { get; set; } = "ffmpeg";

    /// <summary>Width of the frames in pixels, 16 to 8192; pictures are scaled, with borders where shapes differ. Default 1280.</summary>
    public int Width { get; set; } = 1280;

    /// <summary>Height of the frames in pixels, 16 to 8192. Default 720.</summary>
    public int Height { get; set; } = 720;

    /// <summary>Frames per second, 1 to 240. Default 30.</summary>
    public double FrameRate { get; set; } = 30;

    /// <summary>How long FFmpeg may yield nothing before it counts as failed, 1 to 300 s. Default 15 s.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ExecutablePath);
        OptionRange.Check(nameof(Width), Width, 16, 8192, "pixels");
        OptionRange.Check(nameof(Height), Height, 16, 8192, "pixels");
        OptionRange.Check(nameof(FrameRate), FrameRate, 1, 240, "frames per second");
        OptionRange.Check(nameof(DataTimeout), DataTimeout.TotalSeconds, 1, 300, "s");
    }
}
