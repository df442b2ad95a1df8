using P2PCam.Codecs.Vp8;

namespace CodecComparison;

/// <summary>What to compare.</summary>
internal sealed record ComparisonOptions
{
    public const string Help = """
        Encodes clips at 1280x720 with P2PCam's VP8 and with libvpx (through FFmpeg), side by side in one run, and writes a report with rate-distortion plots.

        Usage: CodecComparison [options]

          --frames N       pictures of each clip, 30 to 1000; 240 unless set
          --clips A,B      only these: park-joy, vtest, motion, desk, text, pages, cars, scroll, scroll-serif, tree, film, dusk
          --rates A,B      kbit/s; 300,500,1000,1500,2500,4000 unless set
          --buffer MS      our encoder's buffer, 100 to 10000 ms; 150, for live video, unless set; libvpx has 1000 here
          --out FOLDER     where the report goes; artifacts/comparison unless set
          --work FOLDER    where clips are made and kept, 350 MB each; artifacts/comparison unless set
          --cases FOLDER   the cases from the field; P2PCAM_CASES or ../shared/cases unless set
          --vectors FOLDER the shared test data; P2PCAM_VECTORS or ../shared/vectors unless set
        """;

    public const int UsualBuffer = 150;

    private static readonly OptionTable<ComparisonOptions> Table = new OptionTable<ComparisonOptions>()
        .Value("--frames", (o, text) => o.Frames = OptionValues.Whole("--frames", text, 30, 1000))
        .Value("--clips", (o, text) => o.Clips = text.Split(','))
        .Value("--rates", (o, text) => o.Rates = [.. text.Split(',').Select(rate => OptionValues.Whole("--rates", rate, 50, 50_000))])
        .Value("--buffer", (o, text) => o.Buffer = OptionValues.Whole("--buffer", text, 100, 10_000))
        .Value("--out", (o, text) => o.Out = text)
        .Value("--work", (o, text) => o.Work = text)
        .Value("--cases", (o, text) => o.Cases = text)
        .Value("--vectors", (o, text) => o.Vectors = text);

    public int Frames { get; set; } = 240;

    public IReadOnlyList<string>? Clips { get; set; }

    /// <summary>In kbit/s.</summary>
    public IReadOnlyList<int> Rates { get; set; } = [300, 500, 1000, 1500, 2500, 4000];

    /// <summary>Of our encoder, in milliseconds; libvpx's is one second.</summary>
    public int Buffer { get; set; } = UsualBuffer;

    public string Out { get; set; } = Path.Combine("artifacts", "comparison");

    public string Work { get; set; } = Path.Combine("artifacts", "comparison");

    public string Cases { get; set; } = Environment.GetEnvironmentVariable("P2PCAM_CASES") ?? Path.Combine("..", "shared", "cases");

    public string Vectors { get; set; } = Environment.GetEnvironmentVariable("P2PCAM_VECTORS") ?? Path.Combine("..", "shared", "vectors");

    public static ComparisonOptions Parse(string[] arguments)
    {
        var options = Table.Parse(arguments, new ComparisonOptions());
        var unknown = options.Clips?.FirstOrDefault(name => ComparisonClip.All.All(clip => clip.Name != name));
        return unknown is null ? options : throw new UsageException($"--clips does not know '{unknown}'; there are {string.Join(", ", ComparisonClip.All.Select(clip => clip.Name))}.");
    }

    public bool Takes(ComparisonClip clip) => Clips?.Contains(clip.Name) ?? true;

    /// <summary>As libvpx is set in the run: no frame is left out, no key frame but the first, all quantizers, no resilience.</summary>
    public Vp8EncoderOptions Encoder(int kilobits) => new()
    {
        Width = ComparisonClip.Width,
        Height = ComparisonClip.Height,
        FrameRate = ComparisonClip.FrameRate,
        TargetBitrate = kilobits * 1000,
        BufferSize = TimeSpan.FromMilliseconds(Buffer),
        MinQuantizer = 0,
        MaxQuantizer = 127,
        DropFrames = false,
        ErrorResilient = false,
    };
}
