namespace Samples;

/// <summary>What is shown, as the command line says it.</summary>
internal abstract record PictureOptions
{
    public SourceChoice Source { get; set; } = new(SourceKind.Auto);

    public int Width { get; set; } = 1280;

    public int Height { get; set; } = 720;

    public double FrameRate { get; set; } = 30;

    /// <summary>Bits per second.</summary>
    public int Bitrate { get; set; } = 2_000_000;

    /// <summary>FFmpeg encodes, to H.264.</summary>
    public bool UseH264 { get; set; }

    /// <summary>Nothing encodes: a file or RTSP camera is shown as it is.</summary>
    public bool PassThrough { get; set; }
}
