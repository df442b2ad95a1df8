using P2PCam;

namespace Samples;

/// <summary>From <c>--source</c> to a video source.</summary>
internal static class VideoSources
{
    /// <exception cref="UsageException">There is no such file, or the address is none.</exception>
    public static IP2PBroadcasterBuilder UseSource(this IP2PBroadcasterBuilder builder, PictureOptions options)
    {
        void Configure(FFmpegSourceOptions ffmpeg) => (ffmpeg.Width, ffmpeg.Height, ffmpeg.FrameRate) = (options.Width, options.Height, options.FrameRate);

        if (options.UseH264)
        {
            builder.UseFFmpegEncoder();
        }

        return options.Source switch
        {
            { Kind: not (SourceKind.File or SourceKind.Rtsp) } when options.PassThrough => throw new UsageException("--pass-through needs --source file:PATH or rtsp:URL."),
            { Kind: SourceKind.TestPattern } => builder.UseTestPattern(options.Width, options.Height, options.FrameRate),
            { Kind: SourceKind.File, Value: var path } when !File.Exists(path) => throw new UsageException($"--source: there is no file '{path}'."),
            { Kind: SourceKind.File, Value: { } path } when options.PassThrough => builder.UseFFmpegPassThrough(Path.GetFullPath(path)),
            { Kind: SourceKind.File, Value: { } path } => builder.UseFile(Path.GetFullPath(path), loop: true, Configure),
            { Kind: SourceKind.Rtsp, Value: var address } when !Uri.TryCreate(address, UriKind.Absolute, out _) => throw new UsageException($"--source: '{address}' is no RTSP address."),
            { Kind: SourceKind.Rtsp, Value: { } address } when options.PassThrough => builder.UseFFmpegPassThrough(new Uri(address)),
            { Kind: SourceKind.Rtsp, Value: { } address } => builder.UseRtsp(new Uri(address), Configure),
            { Kind: SourceKind.Camera, Value: { } device } => builder.UseCamera(device, Configure),
            _ => builder.UseCamera(Configure),
        };
    }
}
