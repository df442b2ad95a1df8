using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sources that are read through FFmpeg, which must be installed.</summary>
public static class P2PBroadcasterSourceExtensions
{
    /// <summary>Shows the first camera of this machine, else the test pattern until there is one; a log line says which and why.</summary>
    public static IP2PBroadcasterBuilder UseCamera(this IP2PBroadcasterBuilder builder, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource("UseCamera()", services => DefaultVideoSource.Create(
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DefaultVideoSource>(),
            configure));

    /// <summary>Shows one camera by its device, such as <c>/dev/video0</c>.</summary>
    public static IP2PBroadcasterBuilder UseCamera(this IP2PBroadcasterBuilder builder, string device, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource("UseCamera()", services => FFmpegSource.FromCamera(device, null, configure, services.GetService<TimeProvider>()));

    /// <summary>Shows a file, by default in a loop.</summary>
    public static IP2PBroadcasterBuilder UseFile(this IP2PBroadcasterBuilder builder, string path, bool loop = true, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource("UseFile()", services => FFmpegSource.FromFile(path, loop, configure, services.GetService<TimeProvider>()));

    /// <summary>Shows an RTSP camera, for example <c>rtsp://camera.local/stream</c>.</summary>
    public static IP2PBroadcasterBuilder UseRtsp(this IP2PBroadcasterBuilder builder, Uri address, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource("UseRtsp()", services => FFmpegSource.FromRtsp(address, configure, services.GetService<TimeProvider>()));

    /// <summary>
    /// Shows whatever else FFmpeg opens, for example <c>http://camera.local/video.mjpg</c>, <c>srt://…</c>, <c>udp://…</c>; see
    /// <see cref="FFmpegSource.FromInput"/>.
    /// </summary>
    public static IP2PBroadcasterBuilder UseFFmpegInput(this IP2PBroadcasterBuilder builder, string input, bool isLive = true, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource("UseFFmpegInput()", services => FFmpegSource.FromInput(input, isLive, configure, services.GetService<TimeProvider>()));

    /// <summary>
    /// Passes on the H.264 or VP8 of a network camera or stream as it is, without decoding or encoding: <c>rtsp://</c>, or another address that FFmpeg opens. See
    /// <see cref="FFmpegEncodedSource"/> for what viewers play.
    /// </summary>
    public static IP2PBroadcasterBuilder UseFFmpegPassThrough(this IP2PBroadcasterBuilder builder, Uri address, Action<FFmpegEncodedSourceOptions>? configure = null) =>
        builder.UseEncodedVideoSource("UseFFmpegPassThrough()", services => address is { IsAbsoluteUri: true, Scheme: not ("rtsp" or "rtsps" or "file") }
            ? FFmpegEncodedSource.FromInput(address.OriginalString, configure: configure, timeProvider: services.GetService<TimeProvider>())
            : FFmpegEncodedSource.FromRtsp(address, configure, services.GetService<TimeProvider>()));

    /// <summary>Passes on the H.264 or VP8 of a file as it is, at its own pace, by default in a loop.</summary>
    public static IP2PBroadcasterBuilder UseFFmpegPassThrough(this IP2PBroadcasterBuilder builder, string path, bool loop = true, Action<FFmpegEncodedSourceOptions>? configure = null) =>
        builder.UseEncodedVideoSource("UseFFmpegPassThrough()", services => FFmpegEncodedSource.FromFile(path, loop, configure, services.GetService<TimeProvider>()));

    /// <summary>
    /// Has the source's pictures encoded by FFmpeg, to H.264, at first at the bit rate of the broadcaster's options; see <see cref="FFmpegEncodingSource"/>.
    /// Nothing changes for a source that is compressed already.
    /// </summary>
    public static IP2PBroadcasterBuilder UseFFmpegEncoder(this IP2PBroadcasterBuilder builder, Action<FFmpegEncoderOptions>? configure = null)
    {
        P2PBroadcasterBuilder.RegistrationOf(builder).SetEncoder("UseFFmpegEncoder()", (services, pictures, broadcaster) => new FFmpegEncodingSource(
            pictures,
            options =>
            {
                options.Bitrate = broadcaster.Bitrate;
                configure?.Invoke(options);
            },
            services.GetService<TimeProvider>(),
            services.GetService<ILogger<FFmpegEncodingSource>>()));
        return builder;
    }
}
