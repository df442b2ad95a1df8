namespace P2PCam.Sources.FFmpeg;

/// <summary>What FFmpeg opens: the arguments before and including <c>-i</c>, and how people call it.</summary>
internal sealed record FFmpegInput(string Id, string Name, IReadOnlyList<string> Arguments)
{
    public static FFmpegInput File(string path, bool loop) => new(
        $"file:{path}",
        Path.GetFileName(path),
        // -re plays at the file's own pace; -stream_loop -1 begins again at its end without closing.
        [.. loop ? (ReadOnlySpan<string>)["-stream_loop", "-1"] : [], "-re", "-i", $"file:{path}"]);

    // RTSP by TCP: a lost datagram of somebody else's H.264 cannot be asked for again here.
    public static FFmpegInput Rtsp(Uri address) => new($"rtsp:{address.Host}", $"RTSP camera at {address.Host}", ["-rtsp_transport", "tcp", "-fflags", "nobuffer", "-i", address.ToString()]);

    public static FFmpegInput Camera(string device, string name, FFmpegSourceOptions options, FFmpegPlatform platform)
    {
        var size = $"{options.Width}x{options.Height}";
        var rate = options.FrameRate.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
        IReadOnlyList<string> arguments = platform switch
        {
            FFmpegPlatform.Windows => ["-f", "dshow", "-rtbufsize", "64M", "-video_size", size, "-framerate", rate, "-i", $"video={device}"],
            FFmpegPlatform.MacOS => ["-f", "avfoundation", "-pixel_format", "nv12", "-video_size", size, "-framerate", rate, "-i", $"{device}:none"],
            _ => ["-f", "v4l2", "-video_size", size, "-framerate", rate, "-i", device],
        };
        return new FFmpegInput($"camera:{device}", name, arguments);
    }
}

internal enum FFmpegPlatform
{
    Linux,
    Windows,
    MacOS,
}

internal static class FFmpegPlatforms
{
    public static FFmpegPlatform Current =>
        OperatingSystem.IsWindows() ? FFmpegPlatform.Windows : OperatingSystem.IsMacOS() ? FFmpegPlatform.MacOS : FFmpegPlatform.Linux;
}
