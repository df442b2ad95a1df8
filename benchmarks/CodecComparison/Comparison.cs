using VideoTool.Containers;
using VideoTool.Measures;

namespace CodecComparison;

/// <summary>One file that an encoder made.</summary>
/// <param name="Kilobits">Real rate in kbit/s.</param>
/// <param name="Error">Against the clip.</param>
/// <param name="Ssim">Of luma.</param>
/// <param name="EncodeSeconds">CPU time per frame.</param>
internal sealed record Point(double Kilobits, PictureError Error, double Ssim, double EncodeSeconds)
{
    /// <summary>Luma's PSNR of the worst picture, and of the worst twentieth.</summary>
    public required (double One, double Twentieth) Worst { get; init; }

    /// <summary>What PSNR hides.</summary>
    public required EvenAreas Even { get; init; }

    /// <summary>SSIM in dB, whose differences mean the same at either end.</summary>
    public double SsimDecibels => -10 * Math.Log10(Math.Max(1e-5, 1 - Ssim));
}

/// <summary>Both encoders at one target, and both decoders on libvpx's file, in seconds of CPU time per frame.</summary>
internal sealed record RateResult(int Target, Point Ours, Point Libvpx, double OursDecode, double LibvpxDecode);

internal sealed record ClipResult(ComparisonClip Clip, IReadOnlyList<RateResult> Rates);

/// <summary>Runs both codecs over a clip.</summary>
internal static class Comparison
{
    public static ClipResult Run(ComparisonClip clip, string path, ComparisonOptions options)
    {
        var rates = new List<RateResult>();
        foreach (var rate in options.Rates)
        {
            string File(string name) => Path.Combine(options.Work, $"{clip.Name}-{rate}-{name}.ivf");
            var (ours, libvpx) = (File("p2pcam"), File("libvpx"));

            // One after the other at each rate, so that whatever else the machine does meets both.
            var libvpxSeconds = Libvpx.Encode(path, libvpx, rate, options.Frames);
            var oursSeconds = Ours.Encode(path, ours, options.Encoder(rate), options.Frames);
            var result = new RateResult(
                rate,
                Measure(path, ours, options.Frames, oursSeconds),
                Measure(path, libvpx, options.Frames, libvpxSeconds),
                Ours.Decode(libvpx, options.Frames),
                Libvpx.Decode(libvpx, options.Frames));
            rates.Add(result);
            Console.WriteLine(Report.Line(clip, result));
        }

        return new ClipResult(clip, rates);
    }

    private static Point Measure(string clip, string file, int frames, double seconds)
    {
        using var source = new Y4mReader(new BufferedStream(System.IO.File.OpenRead(clip), 1 << 20));
        using var decoded = VideoFiles.OpenPictures(file);
        var (error, similarity, even, each) = (default(PictureError), default(Similarity), new EvenAreas(), new List<double>());
        for (var number = 0; number < frames; number++)
        {
            using var a = source.Read();
            using var b = decoded.Read();
            if (a is null || b is null)
            {
                throw new InvalidOperationException($"{file} has {number} pictures; {frames} were encoded.");
            }

            var here = PictureError.Between(a, b);
            error.Add(here);
            each.Add(here.Y);
            even.Add(a, b);
            similarity.Add(Similarity.Between(a, b));
        }

        var bytes = 0L;
        using var reader = VideoFiles.OpenFrames(file);
        while (reader.TryRead(out var frame))
        {
            bytes += frame.Data.Length;
        }

        each.Sort();
        return new Point(bytes * 8.0 * ComparisonClip.FrameRate / frames / 1000, error, similarity.Y, seconds)
        {
            Worst = (each[0], each.Take((each.Count + 19) / 20).Average()),
            Even = even,
        };
    }
}
