using LanCamera.Arguments;
using P2PCam;

namespace LanCamera;

/// <summary>From <c>--source</c> to what the broadcaster shows.</summary>
internal static class SourceMapping
{
    public static void UseSource(this IP2PBroadcasterBuilder broadcaster, LanCameraOptions options)
    {
        void Configure(FFmpegSourceOptions ffmpeg) => (ffmpeg.Width, ffmpeg.Height, ffmpeg.FrameRate) = (options.Width, options.Height, options.FrameRate);

        _ = options.Source switch
        {
            { Kind: SourceKind.TestPattern } => broadcaster.UseTestPattern(options.Width, options.Height, options.FrameRate),
            { Kind: SourceKind.File, Value: { } path } => broadcaster.UseFile(Path.GetFullPath(path), loop: true, Configure),
            { Kind: SourceKind.Rtsp, Value: { } address } => broadcaster.UseRtsp(new Uri(address), Configure),
            { Kind: SourceKind.Camera, Value: { } device } => broadcaster.UseCamera(device, Configure),
            _ => broadcaster.UseCamera(Configure),
        };
    }
}
