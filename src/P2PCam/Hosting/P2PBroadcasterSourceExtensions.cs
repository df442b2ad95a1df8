using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sources that are read through FFmpeg, which must be installed.</summary>
public static class P2PBroadcasterSourceExtensions
{
    /// <summary>Shows the first camera of this machine, else the test pattern; a log line says which and why.</summary>
    public static IP2PBroadcasterBuilder UseCamera(this IP2PBroadcasterBuilder builder, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource(services => DefaultVideoSource.Create(
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DefaultVideoSource>(),
            configure));

    /// <summary>Shows one camera by its device, such as <c>/dev/video0</c>.</summary>
    public static IP2PBroadcasterBuilder UseCamera(this IP2PBroadcasterBuilder builder, string device, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource(services => FFmpegSource.FromCamera(device, null, configure, services.GetService<TimeProvider>()));

    /// <summary>Shows a file, by default in a loop.</summary>
    public static IP2PBroadcasterBuilder UseFile(this IP2PBroadcasterBuilder builder, string path, bool loop = true, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource(services => FFmpegSource.FromFile(path, loop, configure, services.GetService<TimeProvider>()));

    /// <summary>Shows an RTSP camera, for example <c>rtsp://camera.local/stream</c>.</summary>
    public static IP2PBroadcasterBuilder UseRtsp(this IP2PBroadcasterBuilder builder, Uri address, Action<FFmpegSourceOptions>? configure = null) =>
        builder.UseVideoSource(services => FFmpegSource.FromRtsp(address, configure, services.GetService<TimeProvider>()));
}
