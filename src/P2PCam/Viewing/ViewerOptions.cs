using System.Net;

namespace P2PCam;

/// <summary>How a viewer behaves. Ranges are checked when it is made.</summary>
public sealed class ViewerOptions
{
    /// <summary>The stream to watch: 1 to 64 letters, digits, '-', '_' or '.'. Default <c>default</c>.</summary>
    public string Stream { get; set; } = "default";

    /// <summary>What decoded frames look like: I420 (the default, nothing to convert), Bgra32 or Rgb24.</summary>
    public PixelFormat OutputFormat { get; set; } = PixelFormat.I420;

    /// <summary>What a reader gets that is slower than the stream. Default <see cref="FrameDelivery.LatestWins"/>.</summary>
    public FrameDelivery Delivery { get; set; } = FrameDelivery.LatestWins;

    /// <summary>
    /// Frames that may wait for one reader of encoded frames, or of decoded ones with <see cref="FrameDelivery.EveryFrame"/>; 1 to 1,000. Default 30.
    /// A waiting 1280x720 picture takes 1.4 MB.
    /// </summary>
    public int MaxQueuedFrames { get; set; } = 30;

    /// <summary>
    /// What the video may be compressed with, the preferred first: VP8, which is decoded here, and H.264, which can be read compressed only. A camera that
    /// sends none of these refuses the viewer (P2P2112). Default VP8, then H.264.
    /// </summary>
    public IReadOnlyList<VideoCodec> Codecs { get; set; } = [VideoCodec.Vp8, VideoCodec.H264];

    /// <summary>Local addresses to use; empty (the default) means every interface that is up, loopback only where there is nothing else.</summary>
    public IList<IPAddress> MediaAddresses { get; } = [];

    /// <summary>Whether a broadcaster on this machine may be reached by loopback. Default false.</summary>
    public bool IncludeLoopback { get; set; }

    /// <summary>Whether to come back after a loss of signaling, path or pictures. Otherwise such a loss ends in <see cref="ViewerState.Disconnected"/>. Default true.</summary>
    public bool Reconnect { get; set; } = true;

    /// <summary>The wait before the second attempt to come back (the first is made at once); it doubles from there. 0.05 to 60 s. Default 0.25 s.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between two attempts, 0.05 to 600 s. Default 5 s.</summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt may take from the offer to the first picture, 1 to 120 s. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
