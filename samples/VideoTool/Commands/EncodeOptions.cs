using P2PCam.Codecs.Vp8;
using VideoTool.Containers;

namespace VideoTool.Commands;

/// <summary>What to encode, and how.</summary>
internal sealed record EncodeOptions(string Input, string Output)
{
    private static readonly OptionTable<EncodeOptions> Table = new OptionTable<EncodeOptions>()
        .Value("--bitrate", (o, text) => o.Bitrate = OptionValues.Bitrate(text))
        .Value("--buffer", (o, text) => o.Buffer = OptionValues.Whole("--buffer", text, 100, 10_000))
        .Value("--fps", (o, text) => o.FrameRate = Rational.Near(OptionValues.Number("--fps", text, 1, 240)))
        .Value("--frames", (o, text) => o.Frames = CommandLine.Count("--frames", text))
        .Value("--min-q", (o, text) => o.MinQuantizer = OptionValues.Whole("--min-q", text, 0, 127))
        .Value("--max-q", (o, text) => o.MaxQuantizer = OptionValues.Whole("--max-q", text, 0, 127))
        .Value("--keyframe-every", (o, text) => o.KeyFrameEvery = CommandLine.Count("--keyframe-every", text))
        .Value("--threads", (o, text) => o.Threads = OptionValues.Whole("--threads", text, 1, 16))
        .Value("--partitions", (o, text) => o.Partitions = text is "1" or "2" or "4" or "8" ? text[0] - '0' : throw new UsageException($"--partitions takes 1, 2, 4 or 8, not '{text}'."))
        .Value("--layers", (o, text) => o.Layers = OptionValues.Whole("--layers", text, 1, 3))
        .Switch("--no-drop", o => o.MayDrop = false)
        .Switch("--no-resilience", o => o.IsResilient = false)
        .Value("--stats", (o, text) => o.Statistics = text)
        .Switch("--quiet", o => o.IsQuiet = true);

    public int Bitrate { get; set; } = 1_500_000;

    /// <summary>How far the stream may run ahead of the bit rate, in milliseconds.</summary>
    public int Buffer { get; set; } = 150;

    /// <summary>Null for the file's own.</summary>
    public Rational? FrameRate { get; set; }

    public long? Frames { get; set; }

    public int MinQuantizer { get; set; } = 4;

    public int MaxQuantizer { get; set; } = 112;

    /// <summary>0 for the first frame only.</summary>
    public int KeyFrameEvery { get; set; }

    public int Threads { get; set; } = 1;

    /// <summary>Of tokens, in each frame.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>Of frame rate.</summary>
    public int Layers { get; set; } = 1;

    public bool MayDrop { get; set; } = true;

    public bool IsResilient { get; set; } = true;

    /// <summary>Where to put a line for each frame; null for nowhere.</summary>
    public string? Statistics { get; set; }

    public bool IsQuiet { get; set; }

    public static ICommand Parse((string Input, string Output) files, string[] arguments)
    {
        var options = Table.Parse(arguments, new EncodeOptions(files.Input, files.Output));
        if (options.MinQuantizer > options.MaxQuantizer)
        {
            throw new UsageException($"--min-q {options.MinQuantizer} is coarser than --max-q {options.MaxQuantizer}; the finest quantizer is the smaller number.");
        }

        VideoFiles.CheckDifferent(options.Input, options.Output);
        return new EncodeCommand(options);
    }

    public Vp8EncoderOptions For(int width, int height, Rational frameRate) => new()
    {
        Width = width,
        Height = height,
        FrameRate = frameRate.Value,
        TargetBitrate = Bitrate,
        BufferSize = TimeSpan.FromMilliseconds(Buffer),
        MinQuantizer = MinQuantizer,
        MaxQuantizer = MaxQuantizer,
        MaxKeyFrameInterval = KeyFrameEvery,
        DropFrames = MayDrop,
        ErrorResilient = IsResilient,
        Threads = Threads,
        TokenPartitions = Partitions,
        TemporalLayers = Layers,
    };
}
