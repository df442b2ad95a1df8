namespace P2PCam;

/// <summary>How FFmpeg is to open what it passes on without decoding.</summary>
public sealed class FFmpegEncodedSourceOptions
{
    /// <summary>The program to run. Default <c>ffmpeg</c>, found by PATH.</summary>
    public string ExecutablePath { get; set; } = "ffmpeg";

    /// <summary>
    /// FFmpeg's arguments in front of its <c>-i</c>, for inputs that need some: <c>-f v4l2 -input_format h264</c> for a USB camera that compresses
    /// itself. Each word is an element of its own.
    /// </summary>
    public IList<string> InputArguments { get; } = [];

    /// <summary>Whether RTSP media come over UDP, for cameras that have no other way; default false: over TCP, where nothing is lost.</summary>
    public bool RtspOverUdp { get; set; }

    /// <summary>
    /// Whether pictures are passed on that viewers see distorted: with pixels that are not square, or to be turned before they are shown. What compressed video
    /// says of that gets lost on the way to browsers. Default false: such an input is refused (P2P1031); decoded, by <see cref="FFmpegSource"/>, it is shown right.
    /// </summary>
    public bool AcceptDistortion { get; set; }

    /// <summary>How long it may take until the first key frame, 1 to 300 s. Default 15 s.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long FFmpeg may yield nothing once there were pictures, 0.5 to 300 s. Default 5 s; three of its intervals for a
    /// camera that sends a picture now and then.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ExecutablePath);
        OptionRange.Check(nameof(DataTimeout), DataTimeout.TotalSeconds, 1, 300, "s");
        OptionRange.Check(nameof(StallTimeout), StallTimeout.TotalSeconds, 0.5, 300, "s");
    }
}
