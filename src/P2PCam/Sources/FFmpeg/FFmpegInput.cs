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

/// <summary>What FFmpeg opens.</summary>
/// <param name="Kind">Which advice fits when it cannot.</param>
/// <param name="Id">A stable name for programs, without passwords.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Attempts">Arguments up to <c>-i</c> and its value, to be tried one after another until one yields a picture.</param>
internal sealed record FFmpegInput(FFmpegInputKind Kind, string Id, string Name, IReadOnlyList<IReadOnlyList<string>> Attempts)
{
    /// <summary>Whether it yields pictures as fast as they are read, and so has to be slowed down to life's pace. Cameras and RTSP keep it themselves.</summary>
    public bool NeedsPacing => Kind is FFmpegInputKind.File or FFmpegInputKind.Custom;

    // -stream_loop -1 begins again at the file's end without closing; "file:" keeps odd names from being URLs.
    public static FFmpegInput File(string path, bool loop) => new(
        FFmpegInputKind.File,
        $"file:{path}",
        Path.GetFileName(path),
        [[.. loop ? (ReadOnlySpan<string>)["-stream_loop", "-1"] : [], "-i", $"file:{path}"]]);

    // RTSP by TCP: a lost datagram of somebody else's H.264 cannot be asked for again here.
    public static FFmpegInput Rtsp(Uri address) => new(
        FFmpegInputKind.Rtsp,
        $"rtsp:{address.Host}",
        $"The RTSP camera at {address.Host}",
        [["-rtsp_transport", "tcp", "-fflags", "nobuffer", "-flags", "low_delay", "-i", address.AbsoluteUri]]);

    /// <exception cref="ArgumentException">The address is not an absolute <c>rtsp://</c> or <c>rtsps://</c> one.</exception>
    public static void CheckRtsp(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("rtsp" or "rtsps"))
        {
            throw new ArgumentException("An RTSP address begins with rtsp:// or rtsps://.", nameof(address));
        }
    }

    // Without "nobuffer": that drops what was read while FFmpeg looked at the stream, and with it the first key frame. Frames need not be
    // counted to learn a rate that nobody asks for. Sound is not even asked for.
    public static FFmpegInput RtspUnchanged(Uri address, bool overUdp) => Rtsp(address) with
    {
        Attempts =
        [
            ["-rtsp_transport", overUdp ? "udp" : "tcp", "-allowed_media_types", "video", "-fpsprobesize", "0", "-i", address.AbsoluteUri],
        ],
    };

    /// <summary>Whatever FFmpeg opens by this name; passwords and queries of addresses stay out of what it is called.</summary>
    public static FFmpegInput Any(string input, bool isLive) => FFmpegWords.WithoutSecrets(input) is var name && isLive
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
