using System.Net;

namespace P2PCam;

/// <summary>How browsers become the camera. Ranges are checked when the source is made.</summary>
public sealed class BrowserCameraOptions
{
    /// <summary>
    /// What browsers may compress with, the most wanted first. Default VP8, H.264, VP9, AV1: every browser can decode VP8. What more of the viewers who
    /// are there can decode comes before what fewer can; a browser takes the first that it can do.
    /// </summary>
    public IList<VideoCodec> Codecs { get; } = [VideoCodec.Vp8, VideoCodec.H264, VideoCodec.Vp9, VideoCodec.Av1];

    /// <summary>Local addresses that browsers may send to; empty (the default) means every interface that is up, loopback only where there is nothing else.</summary>
    public IList<IPAddress> MediaAddresses { get; } = [];

    /// <summary>Whether browsers on this machine may send by loopback. Default false: they reach its other addresses as well.</summary>
    public bool IncludeLoopback { get; set; }

    /// <summary>
    /// How long a browser may send no frames before that is reported, 0.2 to 60 s; one of a low frame rate may take three of its intervals. Default 1 s.
    /// </summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a browser may take to connect, 1 to 120 s. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal void Validate()
    {
        if (Codecs.Count == 0 || !Codecs.All(Enum.IsDefined))
        {
            throw new ArgumentException($"{nameof(Codecs)} names at least one codec, and only such as there are.");
        }

        Check(StallTimeout, 0.2, 60, nameof(StallTimeout));
        Check(ConnectTimeout, 1, 120, nameof(ConnectTimeout));
    }

    private static void Check(TimeSpan value, double least, double most, string name)
    {
        if (!(value.TotalSeconds >= least && value.TotalSeconds <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} may be {least} to {most} s.");
        }
    }
}
