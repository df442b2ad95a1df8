using System.Globalization;
using System.Text;

namespace CodecComparison;

/// <summary>Writes what came out as a page with tables, and its plot.</summary>
internal static class Report
{
    public static void Write(IReadOnlyList<ClipResult> clips, string machine, ComparisonOptions options)
    {
        Directory.CreateDirectory(options.Out);
        var name = DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "-vp8";
        File.WriteAllText(Path.Combine(options.Out, name + ".svg"), Plot.Draw(clips));
        var page = new StringBuilder();
        Head(page, clips, machine, name, options);
        foreach (var clip in clips)
        {
            Table(page, clip);
        }

        Decoders(page, clips);
        File.WriteAllText(Path.Combine(options.Out, name + ".md"), page.ToString());
        Console.WriteLine($"{Path.Combine(options.Out, name)}.md and .svg written.");
    }

    /// <summary>One measurement for the console.</summary>
    public static string Line(ComparisonClip clip, RateResult r) => string.Create(
        CultureInfo.InvariantCulture,
        $"{clip.Name,-9}{r.Target,5}k  ours {r.Ours.Kilobits,6:0} kbit/s {r.Ours.Error.Y:0.00}/{r.Ours.Error.Overall:0.00} dB ssim {r.Ours.Ssim:0.0000} {r.Ours.EncodeSeconds * 1e3,6:0.00} ms dec {r.OursDecode * 1e3:0.00}   libvpx {r.Libvpx.Kilobits,6:0} kbit/s {r.Libvpx.Error.Y:0.00}/{r.Libvpx.Error.Overall:0.00} dB ssim {r.Libvpx.Ssim:0.0000} {r.Libvpx.EncodeSeconds * 1e3,6:0.00} ms dec {r.LibvpxDecode * 1e3:0.00}");

    private static void Head(StringBuilder page, IReadOnlyList<ClipResult> clips, string machine, string name, ComparisonOptions options)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"# VP8: P2PCam beside libvpx, {DateTime.Now.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"**Machine:** {machine}, at the end {Machine.Load()}.");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"**Command:** `dotnet run --project benchmarks/CodecComparison -c Release -- --frames {options.Frames}{(options.Buffer == ComparisonOptions.UsualBuffer ? "" : $" --buffer {options.Buffer}")}`");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"**What was run:** {options.Frames} pictures of 1280x720 at {ComparisonClip.FrameRate} a second, one thread, both encoders at each rate one after the other.");
        page.AppendLine(CultureInfo.InvariantCulture, $"libvpx through FFmpeg with `{string.Join(' ', Libvpx.EncoderArguments(options.Rates[0]))}` (and so on for each rate); ours with a buffer of {options.Buffer} ms, no frame left out, all quantizers, no resilience. [How to read this](README.md#vp8-beside-libvpx).");
        page.AppendLine();
        page.AppendLine("| clip | rate needed more than libvpx for the same PSNR Y (BD-rate) | for the same SSIM | PSNR at equal rate, ours less libvpx's: mean (lowest) | luma alone | libvpx's CPU time / ours, encoding: mean (lowest) | decoding | rate missed by at most: ours, libvpx |");
        page.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var clip in clips)
        {
            var (overall, luma) = (Differences(clip, p => p.Error.Overall), Differences(clip, p => p.Error.Y));
            var speeds = clip.Rates.Select(r => r.Libvpx.EncodeSeconds / r.Ours.EncodeSeconds).ToArray();
            page.AppendLine(CultureInfo.InvariantCulture, $"| {clip.Clip.Name} | {Needed(clip, p => p.Error.Y)} | {Needed(clip, p => p.SsimDecibels)} | {MeanAndLowest(overall)} | {MeanAndLowest(luma)} | {speeds.Average():0.00} ({speeds.Min():0.00}) | {clip.Rates.Average(r => r.LibvpxDecode / r.OursDecode):0.00} | {Missed(clip, r => r.Ours)}, {Missed(clip, r => r.Libvpx)} |");
        }

        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"![PSNR over rate, one panel for each clip]({name}.svg)");
    }

    private static void Table(StringBuilder page, ClipResult clip)
    {
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"## {clip.Clip.Name}");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"{clip.Clip.Title}.");
        page.AppendLine();
        page.AppendLine("| target | | kbit/s | PSNR Y, dB | PSNR, dB | SSIM Y | worst picture (twentieth), dB | dirt on even areas | flicker | CPU ms per frame | ours less libvpx's PSNR at equal rate |");
        page.AppendLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var differences = Differences(clip, p => p.Error.Overall);
        for (var i = 0; i < clip.Rates.Count; i++)
        {
            var r = clip.Rates[i];
            page.AppendLine(CultureInfo.InvariantCulture, $"| {r.Target} | P2PCam | {Row(r.Ours)} | {(differences[i] is { } d ? d.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) : "outside of the curve")} |");
            page.AppendLine(CultureInfo.InvariantCulture, $"| | libvpx | {Row(r.Libvpx)} | |");
        }
    }

    private static void Decoders(StringBuilder page, IReadOnlyList<ClipResult> clips)
    {
        page.AppendLine();
        page.AppendLine("## Decoding libvpx's files");
        page.AppendLine();
        page.AppendLine("CPU ms per frame, and frames per CPU second.");
        page.AppendLine();
        page.AppendLine("| clip | target | P2PCam | libvpx | libvpx / P2PCam |");
        page.AppendLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (clip, r) in clips.SelectMany(clip => clip.Rates.Select(r => (clip.Clip, r))))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {clip.Name} | {r.Target} | {r.OursDecode * 1e3:0.00} ({1 / r.OursDecode:0}) | {r.LibvpxDecode * 1e3:0.00} ({1 / r.LibvpxDecode:0}) | {r.LibvpxDecode / r.OursDecode:0.00} |");
        }
    }

    // Ours at its own rate, less what libvpx's curve has there.
    private static double?[] Differences(ClipResult clip, Func<Point, double> quality)
    {
        var curve = new Curve(clip.Rates.Select(r => (r.Libvpx.Kilobits, quality(r.Libvpx))));
        return [.. clip.Rates.Select(r => quality(r.Ours) - curve.At(r.Ours.Kilobits))];
    }

    private static string MeanAndLowest(double?[] differences)
    {
        var known = differences.OfType<double>().ToArray();
        return known.Length == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{known.Average():+0.00;-0.00;0.00} dB ({known.Min():+0.00;-0.00;0.00})");
    }

    private static string Needed(ClipResult clip, Func<Point, double> quality) =>
        RateDifference.Percent(clip.Rates.Select(r => (r.Libvpx.Kilobits, quality(r.Libvpx))), clip.Rates.Select(r => (r.Ours.Kilobits, quality(r.Ours)))) is { } percent
            ? string.Create(CultureInfo.InvariantCulture, $"{percent:+0.0;-0.0;0.0} %")
            : "no quality in common";

    private static string Missed(ClipResult clip, Func<RateResult, Point> which) =>
        string.Create(CultureInfo.InvariantCulture, $"{clip.Rates.Max(r => Math.Abs((which(r).Kilobits / r.Target) - 1)) * 100:0.0} %");

    private static string Row(Point p) => string.Create(
        CultureInfo.InvariantCulture, $"{p.Kilobits:0} | {p.Error.Y:0.00} | {p.Error.Overall:0.00} | {p.Ssim:0.0000} | {p.Worst.One:0.0} ({p.Worst.Twentieth:0.0}) | {p.Even.Dirt:0.00} | {p.Even.Flicker:0.00} | {p.EncodeSeconds * 1e3:0.00}");
}
