using LanCamera.Arguments;
using P2PCam;

namespace LanCamera;

/// <summary>From <c>--source</c> to a video source.</summary>
internal static class VideoSources
{
    /// <exception cref="UsageException">The source cannot be opened on this machine, or this build has none of its kind.</exception>
    public static IP2PBroadcasterBuilder UseSource(this IP2PBroadcasterBuilder builder, LanCameraOptions options) => options.Source switch
    {
        { Kind: SourceKind.Auto or SourceKind.TestPattern } => builder.UseTestPattern(options.Width, options.Height, options.FrameRate),
        { Kind: SourceKind.File, Value: var path } when !File.Exists(path) => throw new UsageException($"--source: there is no file '{path}'."),
        { Kind: var kind } => throw new UsageException($"--source: this build cannot read a {kind.ToString().ToLowerInvariant()} yet; it shows the test pattern (--source test)."),
    };
}
