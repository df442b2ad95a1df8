using System.Globalization;

namespace P2PCam.Sources.FFmpeg;

internal enum FFmpegInputKind
{
    Camera,
    File,
    Rtsp,
    Stream,
    Custom,
}

/// <summary>One way to open an input.</summary>
/// <param name="Number">Which of <see cref="FFmpegInput.Attempts"/>.</param>
/// <param name="InRounds">Whether FFmpeg ends at the end of what is shown in a loop, and is started anew.</param>
/// <param name="IsInterlaced">Whether a live picture is known to consist of two fields.</param>
internal readonly record struct FFmpegAttempt(int Number = 0, bool InRounds = false, bool IsInterlaced = false);

/// <summary>What FFmpeg opens.</summary>
/// <param name="Kind">Which advice fits when it cannot.</param>
/// <param name="Id">A stable name for programs, without passwords.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Attempts">Arguments up to <c>-i</c> and its value, to be tried one after another until one yields a picture.</param>
internal sealed record FFmpegInput(FFmpegInputKind Kind, string Id, string Name, IReadOnlyList<IReadOnlyList<string>> Attempts)
{
    /// <summary>Whether it yields pictures as fast as they are read, and so has to be slowed down to life's pace. Cameras and RTSP keep it themselves.</summary>
    public bool NeedsPacing => Kind is FFmpegInputKind.File or FFmpegInputKind.Custom;

    /// <summary>Whether nobody knows how many pictures a second will come.</summary>
    public bool MayBeSlow => Kind is FFmpegInputKind.Rtsp or FFmpegInputKind.Stream;

    /// <summary>Whether it begins again at its end.</summary>
    public bool Loops { get; init; }

    /// <summary>What is in its address and must not be shown.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    // "file:" keeps odd names from being URLs.
    public static FFmpegInput File(string path, bool loop) =>
        new(FFmpegInputKind.File, $"file:{path}", Path.GetFileName(path), [["-i", $"file:{path}"]]) { Loops = loop };

    /// <summary>An RTSP camera whose pictures are decoded, by TCP: a lost datagram of somebody else's H.264 cannot be asked for again here.</summary>
    public static FFmpegInput Rtsp(MediaAddress address) => Rtsp(address, "tcp", ["-flags", "low_delay"]);

    /// <summary>An RTSP camera whose frames are passed on.</summary>
    public static FFmpegInput RtspUnchanged(MediaAddress address, bool overUdp) => Rtsp(address, overUdp ? "udp" : "tcp", []);

    /// <exception cref="ArgumentException">The address is not an absolute <c>rtsp://</c> or <c>rtsps://</c> one.</exception>
    public static MediaAddress ParseRtsp(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return MediaAddress.TryParse(address.OriginalString) is { IsRtsp: true, Host.Length: > 0 } parsed
            ? parsed
            : throw new ArgumentException(
                "An RTSP address begins with rtsp:// or rtsps:// and names a host: rtsp://user:password@host/path. For other addresses there are FromInput and UseFFmpegInput.", nameof(address));
    }

    /// <summary>Whatever FFmpeg opens by this name; passwords and queries of addresses stay out of what it is called.</summary>
    /// <exception cref="ArgumentException">The address names no host where it must name one, or no port that can be.</exception>
    public static FFmpegInput Any(string input, bool isLive) => MediaAddress.Obstacle(input) is { } obstacle
        ? throw new ArgumentException(obstacle, nameof(input))
        : MediaAddress.TryParse(input) switch
        {
            { IsRtsp: true } rtsp => Rtsp(rtsp),
            { } address => Any(address.Text, address.Name, isLive && !address.IsHttpFile) with { Secrets = address.Secrets },
            null => Any(input, FFmpegWords.WithoutSecrets(input), isLive),
        };

    public IReadOnlyList<string> ArgumentsOf(FFmpegAttempt attempt) =>
        [.. Loops && !attempt.InRounds ? (ReadOnlySpan<string>)["-stream_loop", "-1"] : [], .. Attempts[attempt.Number]];

    // Frames need not be counted to learn a rate that nobody asks for, and nothing need be read ahead where the camera's description says what its pictures are: that
    // takes seven frames, with one frame a second longer than anybody waits. Where it does not say, a second look is taken. Sound is not even asked for. Not
    // "nobuffer": that drops what was read meanwhile, and with it the first key frame.
    private static FFmpegInput Rtsp(MediaAddress address, string transport, string[] decoding)
    {
        string[] way = ["-rtsp_transport", transport, "-allowed_media_types", "video", "-fpsprobesize", "0"];
        return new FFmpegInput(
            FFmpegInputKind.Rtsp,
            $"rtsp:{address.Host}",
            $"The RTSP camera at {address.Host}",
            [[.. way, "-probesize", "32", .. decoding, "-i", address.Text], [.. way, .. decoding, "-i", address.Text]])
        {
            Secrets = address.Secrets,
        };
    }

    private static FFmpegInput Any(string input, string name, bool isLive) => isLive
        ? new(FFmpegInputKind.Stream, $"stream:{name}", name, [["-fpsprobesize", "0", "-i", input]])
        : new(FFmpegInputKind.Custom, $"stream:{name}", name, [["-i", input]]);

    /// <summary>A generator of FFmpeg's own, such as <c>testsrc2=size=1280x720:rate=30</c>, in real time.</summary>
    public static FFmpegInput Generator(string graph) =>
        new(FFmpegInputKind.Custom, $"lavfi:{graph}", graph, [["-f", "lavfi", "-i", graph]]);

    public static FFmpegInput Camera(string device, string name, FFmpegSourceOptions options, FFmpegPlatform platform)
    {
        string[] size = ["-video_size", $"{options.Width}x{options.Height}"];
        string[] rate = ["-framerate", options.FrameRate.ToString("0.###", CultureInfo.InvariantCulture)];
        return new FFmpegInput(FFmpegInputKind.Camera, $"camera:{device}", name, platform switch
        {
            FFmpegPlatform.Windows => DirectShow(device, size, rate),
            FFmpegPlatform.MacOS => AVFoundation(device, size, rate),
            _ => Video4Linux(device, size, rate),
        });
    }

    // USB 2 carries 1280x720 at 30 frames per second as MJPEG only; raw, the same camera gives 10. Not every camera has MJPEG.
    private static IReadOnlyList<string>[] Video4Linux(string device, string[] size, string[] rate) =>
    [
        ["-f", "v4l2", "-input_format", "mjpeg", .. size, .. rate, "-i", device],
        ["-f", "v4l2", .. size, .. rate, "-i", device],
        ["-f", "v4l2", "-i", device],
    ];

    // DirectShow refuses a size or rate that the camera does not have, where others take the nearest.
    private static IReadOnlyList<string>[] DirectShow(string device, string[] size, string[] rate) =>
    [
        ["-f", "dshow", "-rtbufsize", "64M", .. size, .. rate, "-i", $"video={device}"],
        ["-f", "dshow", "-rtbufsize", "64M", .. size, "-i", $"video={device}"],
        ["-f", "dshow", "-rtbufsize", "64M", "-i", $"video={device}"],
    ];

    // AVFoundation refuses a rate that is not exactly one of the camera's, and its own default (29.97) is one that few cameras have.
    private static IReadOnlyList<string>[] AVFoundation(string device, string[] size, string[] rate) =>
    [
        ["-f", "avfoundation", "-pixel_format", "nv12", .. size, .. rate, "-i", $"{device}:none"],
        ["-f", "avfoundation", .. rate, "-i", $"{device}:none"],
        ["-f", "avfoundation", "-framerate", "30", "-i", $"{device}:none"],
        ["-f", "avfoundation", "-i", $"{device}:none"],
    ];
}
