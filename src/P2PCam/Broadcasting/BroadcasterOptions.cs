using System.Net;

namespace P2PCam;

/// <summary>How a broadcaster behaves. Ranges are checked at start.</summary>
public sealed class BroadcasterOptions
{
    private int? _mediaPort;

    /// <summary>The stream's name in signaling: 1 to 64 letters, digits, '-', '_' or '.'. Default <c>default</c>.</summary>
    public string Stream { get; set; } = "default";

    /// <summary>
    /// The UDP port that carries all media of all viewers, 0 to 65535; 0 takes any free port. By default that of the page where <c>UseP2PCamLanHttps</c> serves one, else 3000, or the next
    /// one that is free: each broadcaster of a program has a port of its own, and a log line says which. One that was set is taken or is an error.
    /// </summary>
    public int MediaPort
    {
        get => _mediaPort ?? DefaultMediaPort;
        set => _mediaPort = value;
    }

    /// <summary>The port while none is set.</summary>
    internal int DefaultMediaPort { get; set; } = 3000;

    internal bool IsMediaPortSet => _mediaPort is not null;

    /// <summary>Local addresses to use; empty (the default) means every interface that is up, loopback only where there is nothing else.</summary>
    public IList<IPAddress> MediaAddresses { get; } = [];

    /// <summary>Whether viewers on this machine may be reached by loopback. Default false.</summary>
    public bool IncludeLoopback { get; set; }

    /// <summary>Bit rate of the video in bits per second, 50,000 to 50,000,000. Default 2,000,000.</summary>
    public int Bitrate { get; set; } = 2_000_000;

    /// <summary>
    /// How many threads compress a picture, 0 to 16, for a source of pictures. 0, the default, takes as many as keep up with its size and rate at ease: one for 60
    /// pictures of 1280x720 a second, two for 30 of 1920x1080, four or the processors there are at most.
    /// </summary>
    public int EncoderThreads { get; set; }

    /// <summary>Most viewers at once, 1 to 10,000. Default 50.</summary>
    public int MaxViewers { get; set; } = 50;

    /// <summary>Key-frame requests within this time share one key frame, 0 to 5 s. Default 300 ms.</summary>
    public TimeSpan KeyFrameCoalescing { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Largest UDP payload, 576 to 1,472 bytes. Default 1,200.</summary>
    public int MaxDatagramBytes { get; set; } = 1200;

    /// <summary>How long sent packets are kept for resending, 0 to 10 s. Default 1 s.</summary>
    public TimeSpan ResendHistory { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long stopping waits for goodbyes to leave, 0 to 30 s. Default 3 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the source may yield nothing before it counts as stalled, 0.1 to 60 s; sources below 3 frames a second or so may take three of their
    /// intervals. Default 900 ms.
    /// </summary>
    public TimeSpan SourceStallTimeout { get; set; } = TimeSpan.FromMilliseconds(900);

    /// <summary>
    /// Whether viewers are shown a still with the words "camera offline" while the source yields no pictures. Otherwise the last picture stands still,
    /// and signaling says that the camera is offline. Default true.
    /// </summary>
    public bool Slate { get; set; } = true;

    /// <summary>Whether the source is open only while somebody watches: opened for the first viewer that connects, closed after the last. Default false.</summary>
    public bool CameraOffWhenUnwatched { get; set; }

    /// <summary>How long the source stays open after the last viewer, 0 to 1 h, so that a reloaded page finds it running. Default 10 s.</summary>
    public TimeSpan UnwatchedDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a broadcaster that cannot start ends the host instead of retrying: its port is taken, its server cannot be reached, or its source will never work before FFmpeg is installed or a
    /// path is corrected. Default false.
    /// </summary>
    public bool FailFast { get; set; }
}
