using P2PCam;

namespace Samples;

/// <summary>From <c>--source</c> to a video source.</summary>
internal static class VideoSources
{
    /// <exception cref="UsageException">There is no such file, or --pass-through is asked for of what cannot be passed on.</exception>
    public static IP2PBroadcasterBuilder UseSource(this IP2PBroadcasterBuilder builder, PictureOptions options)
    {
        void Configure(FFmpegSourceOptions ffmpeg) => (ffmpeg.Width, ffmpeg.Height, ffmpeg.FrameRate) = (options.Width, options.Height, options.FrameRate);

        if (options.UseH264)
        {
            builder.UseFFmpegEncoder();
        }

        return options.Source switch
        {
            { Kind: not (SourceKind.File or SourceKind.Address) } when options.PassThrough => throw new UsageException("--pass-through needs --source file:PATH or an address such as rtsp://..."),
            { Kind: SourceKind.TestPattern } => builder.UseTestPattern(options.Width, options.Height, options.FrameRate),
            { Kind: SourceKind.File, Value: var path } when !File.Exists(path) => throw new UsageException($"--source: there is no file '{path}'."),
            { Kind: SourceKind.File, Value: { } path } when options.PassThrough => builder.UseFFmpegPassThrough(Path.GetFullPath(path)),
            { Kind: SourceKind.File, Value: { } path } => builder.UseFile(Path.GetFullPath(path), loop: true, Configure),
            { Kind: SourceKind.Address, Value: { } address } when options.PassThrough => builder.UseEncodedVideoSource(services => FFmpegEncodedSource.FromInput(address, timeProvider: services.GetService<TimeProvider>())),
            { Kind: SourceKind.Address, Value: { } address } => builder.UseFFmpegInput(address, configure: Configure),
            { Kind: SourceKind.Camera, Value: { } device } => builder.UseCamera(device, Configure),
            _ => builder.UseCamera(Configure),
        };
    }
}
